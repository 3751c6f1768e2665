/* /dev/i2c-N as i2c-dev and the Pi's controller behave. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <string.h>

#define LONGEST_MESSAGE 8192
#define HIGHEST_ADDRESS 0x7F

static int transfer(struct node *node, const struct i2c_msg *messages, size_t count)
{
    struct wire request = { 0 }, answer = { 0 };
    wire_begin(&request, WIRE_I2C, ++node->next_id);
    wire_put(&request, node->bus, 2);
    wire_put(&request, count, 1);
    for (size_t i = 0; i < count; i++) {
        bool read = (messages[i].flags & I2C_M_RD) != 0;
        wire_put(&request, messages[i].addr, 2);
        wire_put(&request, read, 1);
        wire_put(&request, messages[i].len, 2);
        if (!read) wire_bytes(&request, messages[i].buf, messages[i].len);
    }
    int result = node_exchange(node, &request, &answer);
    for (size_t i = 0; result == 0 && i < count; i++) {
        if ((messages[i].flags & I2C_M_RD) == 0) continue;
        const uint8_t *data = wire_take(&answer, messages[i].len);
        if (data == NULL) result = -EIO;
        else memcpy(messages[i].buf, data, messages[i].len);
    }
    wire_free(&request);
    wire_free(&answer);
    return result;
}

ssize_t i2c_read(struct node *node, void *buffer, size_t count)
{
    struct i2c_msg message = { .addr = node->i2c_address, .flags = I2C_M_RD, .buf = buffer };
    message.len = (uint16_t)(count > LONGEST_MESSAGE ? LONGEST_MESSAGE : count);
    int result = transfer(node, &message, 1);
    return result < 0 ? result : message.len;
}

ssize_t i2c_write(struct node *node, const void *buffer, size_t count)
{
    struct i2c_msg message = { .addr = node->i2c_address, .buf = (uint8_t *)(uintptr_t)buffer };
    message.len = (uint16_t)(count > LONGEST_MESSAGE ? LONGEST_MESSAGE : count);
    int result = transfer(node, &message, 1);
    return result < 0 ? result : message.len;
}

static long combined(struct node *node, const struct i2c_rdwr_ioctl_data *data)
{
    if (data == NULL || data->msgs == NULL) return -EFAULT;
    if (data->nmsgs == 0 || data->nmsgs > I2C_RDWR_IOCTL_MAX_MSGS) return -EINVAL;
    for (size_t i = 0; i < data->nmsgs; i++) {
        if (data->msgs[i].len > LONGEST_MESSAGE) return -EINVAL;
        if ((data->msgs[i].flags & ~(I2C_M_RD | I2C_M_STOP)) != 0) return -EOPNOTSUPP;
        if (data->msgs[i].len > 0 && data->msgs[i].buf == NULL) return -EFAULT;
    }
    int result = transfer(node, data->msgs, data->nmsgs);
    return result < 0 ? result : (long)data->nmsgs;
}

/* SMBus as the kernel plays it over plain messages: a write of the command with what follows, then a read where one is wanted. */
static long smbus(struct node *node, const struct i2c_smbus_ioctl_data *call)
{
    uint8_t out[2 + I2C_SMBUS_BLOCK_MAX] = { call->command }, in[I2C_SMBUS_BLOCK_MAX];
    bool read = call->read_write == I2C_SMBUS_READ;
    size_t sent = 1, wanted = 0;
    union i2c_smbus_data *data = call->data;
    if (call->read_write > 1) return -EINVAL;
    if (data == NULL && !(call->size == I2C_SMBUS_QUICK || (call->size == I2C_SMBUS_BYTE && !read))) return -EINVAL;
    switch (call->size) {
    case I2C_SMBUS_QUICK: {
        struct i2c_msg quick = { .addr = node->i2c_address, .flags = read ? I2C_M_RD : 0, .buf = in };
        return transfer(node, &quick, 1);
    }
    case I2C_SMBUS_BYTE:
        if (read) { sent = 0; wanted = 1; }
        break;
    case I2C_SMBUS_BYTE_DATA:
        if (read) wanted = 1;
        else out[sent++] = data->byte;
        break;
    case I2C_SMBUS_WORD_DATA:
    case I2C_SMBUS_PROC_CALL:
        if (read || call->size == I2C_SMBUS_PROC_CALL) wanted = 2;
        if (!read || call->size == I2C_SMBUS_PROC_CALL) {
            out[sent++] = (uint8_t)data->word;
            out[sent++] = (uint8_t)(data->word >> 8);
        }
        break;
    case I2C_SMBUS_BLOCK_DATA:
        if (read) return -EOPNOTSUPP; /* the chip would tell the length; the Pi's controller cannot */
        if (data->block[0] > I2C_SMBUS_BLOCK_MAX) return -EINVAL;
        memcpy(out + sent, data->block, data->block[0] + 1u);
        sent += data->block[0] + 1u;
        break;
    case I2C_SMBUS_I2C_BLOCK_BROKEN:
    case I2C_SMBUS_I2C_BLOCK_DATA: {
        size_t length = call->size == I2C_SMBUS_I2C_BLOCK_BROKEN && read ? I2C_SMBUS_BLOCK_MAX : data->block[0];
        if (length == 0 || length > I2C_SMBUS_BLOCK_MAX) return -EINVAL;
        if (read) wanted = length;
        else {
            memcpy(out + sent, data->block + 1, length);
            sent += length;
        }
        break;
    }
    default:
        return -EOPNOTSUPP;
    }
    struct i2c_msg messages[2] = {
        { .addr = node->i2c_address, .len = (uint16_t)sent, .buf = out },
        { .addr = node->i2c_address, .flags = I2C_M_RD, .len = (uint16_t)wanted, .buf = in },
    };
    int result = transfer(node, sent > 0 ? messages : messages + 1, sent > 0 && wanted > 0 ? 2 : 1);
    if (result < 0 || wanted == 0) return result;
    if (call->size == I2C_SMBUS_I2C_BLOCK_DATA || call->size == I2C_SMBUS_I2C_BLOCK_BROKEN) {
        data->block[0] = (uint8_t)wanted;
        memcpy(data->block + 1, in, wanted);
    } else if (wanted == 2) {
        data->word = (uint16_t)(in[0] | in[1] << 8);
    } else {
        data->byte = in[0];
    }
    return 0;
}

long i2c_ioctl(struct node *node, unsigned long request, void *argument)
{
    unsigned long value = (unsigned long)argument;
    switch (request) {
    case I2C_SLAVE:
    case I2C_SLAVE_FORCE:
        if (value > HIGHEST_ADDRESS) return -EINVAL;
        node->i2c_address = (uint16_t)value;
        return 0;
    case I2C_TENBIT:
    case I2C_PEC:
        return value == 0 ? 0 : -EINVAL;
    case I2C_RETRIES:
    case I2C_TIMEOUT:
        return 0;
    case I2C_FUNCS:
        if (argument == NULL) return -EFAULT;
        *(unsigned long *)argument = I2C_FUNC_I2C | (I2C_FUNC_SMBUS_EMUL & ~(unsigned long)I2C_FUNC_SMBUS_PEC);
        return 0;
    case I2C_RDWR:
        return combined(node, argument);
    case I2C_SMBUS:
        return argument == NULL ? -EFAULT : smbus(node, argument);
    default:
        return -ENOTTY;
    }
}
