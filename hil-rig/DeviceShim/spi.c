/* /dev/spidevB.C as spidev and the Pi's controller behave. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/spi/spidev.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE 4096 /* spidev's module parameter bufsiz */
#define KNOWN_MODES (SPI_CPHA | SPI_CPOL | SPI_CS_HIGH | SPI_LSB_FIRST | SPI_NO_CS | SPI_3WIRE)

/* Full duplex moves count bytes both ways; with three wires the host sends count bytes and then listens for others on the same line. */
static int exchange(struct node *node, uint32_t hertz, const uint8_t *out, size_t count, uint8_t *in, size_t listen)
{
    bool one_line = (node->spi_mode & SPI_3WIRE) != 0;
    uint8_t flags = (uint8_t)(node->spi_mode & (SPI_CPHA | SPI_CPOL));
    if ((node->spi_mode & SPI_LSB_FIRST) != 0) flags |= 0x04;
    if ((node->spi_mode & SPI_CS_HIGH) != 0) flags |= 0x08;
    if ((node->spi_mode & SPI_NO_CS) != 0) flags |= 0x10;
    if (one_line) flags |= 0x20;
    struct wire request = { 0 }, answer = { 0 };
    wire_begin(&request, WIRE_SPI, ++node->next_id);
    wire_put(&request, node->bus, 2);
    wire_put(&request, node->select, 1);
    wire_put(&request, flags, 1);
    wire_put(&request, 8, 1);
    wire_put(&request, hertz, 4);
    wire_put(&request, count, 2);
    wire_bytes(&request, out, count);
    if (one_line) wire_put(&request, listen, 2);
    size_t heard = one_line ? listen : count;
    int result = node_exchange(node, &request, &answer);
    const uint8_t *data = result == 0 ? wire_take(&answer, heard) : NULL;
    if (data != NULL) memcpy(in, data, heard);
    else if (result == 0) result = -EIO;
    wire_free(&request);
    wire_free(&answer);
    return result;
}

ssize_t spi_read(struct node *node, void *buffer, size_t count)
{
    static const uint8_t nothing[BUFFER_SIZE];
    if (count > BUFFER_SIZE) return -EMSGSIZE;
    size_t sent = (node->spi_mode & SPI_3WIRE) != 0 ? 0 : count;
    int result = count == 0 ? 0 : exchange(node, node->spi_hertz, nothing, sent, buffer, count);
    return result < 0 ? result : (ssize_t)count;
}

ssize_t spi_write(struct node *node, const void *buffer, size_t count)
{
    uint8_t ignored[BUFFER_SIZE];
    if (count > BUFFER_SIZE) return -EMSGSIZE;
    int result = count == 0 ? 0 : exchange(node, node->spi_hertz, buffer, count, ignored, 0);
    return result < 0 ? result : (ssize_t)count;
}

static int message_on_two_lines(
    struct node *node, uint32_t hertz, const struct spi_ioc_transfer *transfers, size_t count, uint8_t *out, uint8_t *in)
{
    size_t used = 0;
    for (size_t i = 0; i < count; used += transfers[i++].len) {
        const void *source = (const void *)(uintptr_t)transfers[i].tx_buf;
        if (source != NULL) memcpy(out + used, source, transfers[i].len);
        else memset(out + used, 0, transfers[i].len);
    }
    int result = exchange(node, hertz, out, used, in, 0);
    for (size_t i = 0, at = 0; result == 0 && i < count; at += transfers[i++].len) {
        void *target = (void *)(uintptr_t)transfers[i].rx_buf;
        if (target != NULL) memcpy(target, in + at, transfers[i].len);
    }
    return result;
}

/* The kernel refuses a transfer in both directions here; this also one that sends after another has listened. */
static int message_on_one_line(
    struct node *node, uint32_t hertz, const struct spi_ioc_transfer *transfers, size_t count, uint8_t *out, uint8_t *in)
{
    size_t sent = 0, wanted = 0;
    for (size_t i = 0; i < count; i++) {
        const void *source = (const void *)(uintptr_t)transfers[i].tx_buf;
        bool listens = transfers[i].rx_buf != 0;
        if (transfers[i].len == 0) continue;
        if ((source != NULL) == listens || (!listens && wanted > 0)) return -EINVAL;
        if (listens) wanted += transfers[i].len;
        else {
            memcpy(out + sent, source, transfers[i].len);
            sent += transfers[i].len;
        }
    }
    int result = exchange(node, hertz, out, sent, in, wanted);
    for (size_t i = 0, at = 0; result == 0 && i < count; i++) {
        if (transfers[i].rx_buf == 0) continue;
        memcpy((void *)(uintptr_t)transfers[i].rx_buf, in + at, transfers[i].len);
        at += transfers[i].len;
    }
    return result;
}

/* Consecutive transfers are one exchange, until one asks for the chip select to change in between. */
static long message(struct node *node, const struct spi_ioc_transfer *transfers, size_t count)
{
    uint8_t out[BUFFER_SIZE], in[BUFFER_SIZE];
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += transfers[i].len;
        if (transfers[i].len > BUFFER_SIZE || total > BUFFER_SIZE) return -EMSGSIZE;
        if (transfers[i].bits_per_word != 0 && transfers[i].bits_per_word != 8) return -EINVAL;
    }
    bool one_line = (node->spi_mode & SPI_3WIRE) != 0;
    for (size_t first = 0, end = 0; first < count; first = end) {
        size_t used = 0;
        do used += transfers[end].len;
        while (transfers[end++].cs_change == 0 && end < count);
        if (used == 0) continue;
        uint32_t hertz = transfers[first].speed_hz != 0 ? transfers[first].speed_hz : node->spi_hertz;
        int result = (one_line ? message_on_one_line : message_on_two_lines)(node, hertz, transfers + first, end - first, out, in);
        if (result < 0) return result;
    }
    return (long)total;
}

static long set_mode(struct node *node, uint32_t mode)
{
    if ((mode & ~(uint32_t)KNOWN_MODES) != 0) return -EINVAL;
    node->spi_mode = mode;
    return 0;
}

static bool is_message(unsigned long request)
{
    return _IOC_TYPE(request) == SPI_IOC_MAGIC && _IOC_NR(request) == 0 && _IOC_DIR(request) == _IOC_WRITE
        && _IOC_SIZE(request) % sizeof(struct spi_ioc_transfer) == 0;
}

long spi_ioctl(struct node *node, unsigned long request, void *argument)
{
    if (argument == NULL) return -EFAULT;
    if (is_message(request)) return message(node, argument, _IOC_SIZE(request) / sizeof(struct spi_ioc_transfer));
    uint8_t *byte = argument;
    uint32_t *word = argument;
    switch (request) {
    case SPI_IOC_RD_MODE: *byte = (uint8_t)node->spi_mode; return 0;
    case SPI_IOC_RD_MODE32: *word = node->spi_mode; return 0;
    case SPI_IOC_WR_MODE: return set_mode(node, *byte);
    case SPI_IOC_WR_MODE32: return set_mode(node, *word);
    case SPI_IOC_RD_LSB_FIRST: *byte = (node->spi_mode & SPI_LSB_FIRST) != 0; return 0;
    case SPI_IOC_WR_LSB_FIRST:
        return set_mode(node, *byte != 0 ? node->spi_mode | SPI_LSB_FIRST : node->spi_mode & ~(uint32_t)SPI_LSB_FIRST);
    case SPI_IOC_RD_BITS_PER_WORD: *byte = node->spi_bits; return 0;
    case SPI_IOC_WR_BITS_PER_WORD: return *byte == 0 || *byte == 8 ? 0 : -EINVAL;
    case SPI_IOC_RD_MAX_SPEED_HZ: *word = node->spi_hertz; return 0;
    case SPI_IOC_WR_MAX_SPEED_HZ:
        if (*word == 0) return -EINVAL;
        node->spi_hertz = *word;
        return 0;
    default: return -ENOTTY;
    }
}
