/*
 * What a C program sees of the emulated device nodes: results, values and error numbers as on a Pi. The board is the one with every chip:
 * BME280 at 0x76, MPU-6050 at 0x68, ADXL345 on spidev0.1 with its first interrupt output on line 24.
 * Prints one line for each expectation that does not hold; its exit code is their number.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <linux/spi/spidev.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failures;
static int checks;

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        checks++;                                                                           \
        if (!(condition)) {                                                                 \
            failures++;                                                                     \
            printf("line %d: %s (errno %d, %s)\n", __LINE__, #condition, errno, strerror(errno)); \
        }                                                                                   \
    } while (0)

#define FAILS_WITH(call, number) (errno = 0, (call) == -1 && errno == (number))

enum { BME280 = 0x76, MPU6050 = 0x68, NOBODY = 0x10, LINE = 5, INTERRUPT_LINE = 24 };

static uint8_t read_register(int fd, uint16_t address, uint8_t number)
{
    uint8_t value = 0;
    struct i2c_msg messages[2] = {
        { .addr = address, .len = 1, .buf = &number },
        { .addr = address, .flags = I2C_M_RD, .len = 1, .buf = &value },
    };
    struct i2c_rdwr_ioctl_data both = { .msgs = messages, .nmsgs = 2 };
    CHECK(ioctl(fd, I2C_RDWR, &both) == 2);
    return value;
}

static long smbus(int fd, uint8_t direction, uint8_t command, uint32_t size, union i2c_smbus_data *data)
{
    struct i2c_smbus_ioctl_data call = { .read_write = direction, .command = command, .size = size, .data = data };
    return ioctl(fd, I2C_SMBUS, &call);
}

static void i2c(void)
{
    int fd = open("/dev/i2c-1", O_RDWR | O_CLOEXEC);
    unsigned long functions = 0;
    CHECK(fd >= 0);
    CHECK(FAILS_WITH(open("/dev/i2c-9", O_RDWR), ENOENT));
    CHECK(ioctl(fd, I2C_FUNCS, &functions) == 0 && (functions & I2C_FUNC_I2C) != 0 && (functions & I2C_FUNC_SMBUS_QUICK) != 0);
    CHECK(read_register(fd, BME280, 0xD0) == 0x60);

    uint8_t pointer = 0x75, id = 0;
    CHECK(FAILS_WITH(ioctl(fd, I2C_SLAVE, 0x80), EINVAL));
    CHECK(ioctl(fd, I2C_SLAVE_FORCE, MPU6050) == 0);
    CHECK(write(fd, &pointer, 1) == 1 && read(fd, &id, 1) == 1 && id == 0x68);

    uint8_t ctrl[] = { 0xF2, 0x03 }, twice[] = { 0xF4, 0x24 }, one = 0xF2, got = 0;
    struct i2c_msg four[4] = {
        { .addr = BME280, .len = 2, .buf = ctrl },
        { .addr = BME280, .len = 2, .buf = twice },
        { .addr = BME280, .len = 1, .buf = &one },
        { .addr = BME280, .flags = I2C_M_RD, .len = 1, .buf = &got },
    };
    struct i2c_rdwr_ioctl_data all = { .msgs = four, .nmsgs = 4 };
    CHECK(ioctl(fd, I2C_RDWR, &all) == 4 && got == 0x03);
    all.nmsgs = 0;
    CHECK(FAILS_WITH(ioctl(fd, I2C_RDWR, &all), EINVAL));
    all.nmsgs = 43;
    CHECK(FAILS_WITH(ioctl(fd, I2C_RDWR, &all), EINVAL));

    CHECK(ioctl(fd, I2C_SLAVE, NOBODY) == 0);
    CHECK(FAILS_WITH(read(fd, &got, 1), EREMOTEIO));
    CHECK(FAILS_WITH(write(fd, &pointer, 1), EREMOTEIO));
    CHECK(FAILS_WITH(smbus(fd, I2C_SMBUS_WRITE, 0, I2C_SMBUS_QUICK, NULL), EREMOTEIO));

    union i2c_smbus_data data = { .byte = 0 };
    CHECK(ioctl(fd, I2C_SLAVE, BME280) == 0);
    CHECK(smbus(fd, I2C_SMBUS_WRITE, 0, I2C_SMBUS_QUICK, NULL) == 0);
    CHECK(smbus(fd, I2C_SMBUS_READ, 0xD0, I2C_SMBUS_BYTE_DATA, &data) == 0 && data.byte == 0x60);
    CHECK(smbus(fd, I2C_SMBUS_WRITE, 0xD0, I2C_SMBUS_BYTE, NULL) == 0);
    data.byte = 0;
    CHECK(smbus(fd, I2C_SMBUS_READ, 0, I2C_SMBUS_BYTE, &data) == 0 && data.byte == 0x60);
    CHECK(smbus(fd, I2C_SMBUS_READ, 0x88, I2C_SMBUS_WORD_DATA, &data) == 0);
    uint16_t word = data.word;
    data.block[0] = 2;
    CHECK(smbus(fd, I2C_SMBUS_READ, 0x88, I2C_SMBUS_I2C_BLOCK_DATA, &data) == 0);
    CHECK(data.block[0] == 2 && word == (data.block[1] | data.block[2] << 8) && word != 0);
    data.block[0] = 33;
    CHECK(FAILS_WITH(smbus(fd, I2C_SMBUS_READ, 0x88, I2C_SMBUS_I2C_BLOCK_DATA, &data), EINVAL));
    CHECK(FAILS_WITH(smbus(fd, I2C_SMBUS_READ, 0x88, I2C_SMBUS_BLOCK_DATA, &data), EOPNOTSUPP));
    CHECK(FAILS_WITH(ioctl(fd, 0x07FF, 0), ENOTTY));
    CHECK(close(fd) == 0);
    CHECK(FAILS_WITH(ioctl(fd, I2C_SLAVE, BME280), EBADF));
}

static void copies_and_children(void)
{
    int fd = open("/dev/i2c-1", O_RDWR);
    int copy = dup(fd), high = fcntl(fd, F_DUPFD_CLOEXEC, 100), given = dup2(fd, 90);
    CHECK(copy >= 0 && high >= 100 && given == 90);
    CHECK(close(fd) == 0);
    CHECK(read_register(copy, BME280, 0xD0) == 0x60);
    CHECK(close(copy) == 0 && close(90) == 0);
    CHECK(read_register(high, BME280, 0xD0) == 0x60);
    pid_t child = fork();
    if (child == 0) _exit(read_register(high, BME280, 0xD0) == 0x60 ? 0 : 1);
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(read_register(high, BME280, 0xD0) == 0x60);
    CHECK(close(high) == 0);

    int stale = open("/dev/i2c-1", O_RDWR);
    FILE *stream = fdopen(stale, "r"); /* fclose closes the descriptor inside the C library, where nobody sees it */
    CHECK(stream != NULL && fclose(stream) == 0);
    int real = open("/dev/null", O_RDWR);
    struct stat null_status;
    CHECK(real == stale && fstat(real, &null_status) == 0 && null_status.st_rdev == makedev(1, 3));
    CHECK(FAILS_WITH(ioctl(real, I2C_SLAVE, BME280), ENOTTY));
    CHECK(close(real) == 0);
}

static void *ask_often(void *argument)
{
    int fd = open("/dev/i2c-1", O_RDWR), shared = *(int *)argument;
    for (int i = 0; i < 100; i++) {
        CHECK(read_register(fd, MPU6050, 0x75) == 0x68);
        CHECK(read_register(shared, BME280, 0xD0) == 0x60);
    }
    close(fd);
    return NULL;
}

static void threads(void)
{
    int shared = open("/dev/i2c-1", O_RDWR);
    pthread_t thread[4];
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&thread[i], NULL, ask_often, &shared) == 0);
    for (int i = 0; i < 4; i++) pthread_join(thread[i], NULL);
    close(shared);
}

static uint8_t adxl345(int fd, uint8_t command, uint8_t value)
{
    uint8_t out[2] = { command, value }, in[2] = { 0, 0 };
    struct spi_ioc_transfer transfer = { .tx_buf = (uintptr_t)out, .rx_buf = (uintptr_t)in, .len = 2 };
    CHECK(ioctl(fd, SPI_IOC_MESSAGE(1), &transfer) == 2);
    return in[1];
}

static int open_adxl345(void)
{
    int fd = open("/dev/spidev0.1", O_RDWR);
    uint8_t mode = SPI_MODE_3;
    uint32_t hertz = 1000000;
    CHECK(fd >= 0 && ioctl(fd, SPI_IOC_WR_MODE, &mode) == 0 && ioctl(fd, SPI_IOC_WR_MAX_SPEED_HZ, &hertz) == 0);
    return fd;
}

static void spi(void)
{
    int fd = open_adxl345();
    uint8_t mode = 0, bits = 0, wrong = 16;
    uint32_t hertz = 0, zero = 0, unknown = SPI_LOOP;
    CHECK(FAILS_WITH(open("/dev/spidev0.2", O_RDWR), ENOENT));
    CHECK(ioctl(fd, SPI_IOC_RD_MODE, &mode) == 0 && mode == SPI_MODE_3);
    CHECK(ioctl(fd, SPI_IOC_RD_BITS_PER_WORD, &bits) == 0 && bits == 8);
    CHECK(ioctl(fd, SPI_IOC_RD_MAX_SPEED_HZ, &hertz) == 0 && hertz == 1000000);
    CHECK(FAILS_WITH(ioctl(fd, SPI_IOC_WR_BITS_PER_WORD, &wrong), EINVAL));
    CHECK(FAILS_WITH(ioctl(fd, SPI_IOC_WR_MAX_SPEED_HZ, &zero), EINVAL));
    CHECK(FAILS_WITH(ioctl(fd, SPI_IOC_WR_MODE32, &unknown), EINVAL));
    CHECK(adxl345(fd, 0x80, 0) == 0xE5);

    uint8_t command = 0x80, id = 0, other[8] = { 0 };
    struct spi_ioc_transfer together[2] = {
        { .tx_buf = (uintptr_t)&command, .len = 1 },
        { .rx_buf = (uintptr_t)&id, .len = 1 },
    };
    CHECK(ioctl(fd, SPI_IOC_MESSAGE(2), together) == 2 && id == 0xE5);
    together[0].cs_change = 1; /* the chip is deselected in between, so the second byte is no answer */
    CHECK(ioctl(fd, SPI_IOC_MESSAGE(2), together) == 2 && id != 0xE5);
    static uint8_t large[5000];
    struct spi_ioc_transfer too_long = { .tx_buf = (uintptr_t)large, .len = sizeof large };
    CHECK(FAILS_WITH(ioctl(fd, SPI_IOC_MESSAGE(1), &too_long), EMSGSIZE));
    CHECK(FAILS_WITH(write(fd, large, sizeof large), EMSGSIZE));
    CHECK(write(fd, &command, 1) == 1 && read(fd, other, sizeof other) == (ssize_t)sizeof other);
    CHECK(close(fd) == 0);
}

/* The ADXL345 set to three wires answers a host with three wires, and no longer one with four. */
static void spi_on_one_line(void)
{
    int fd = open_adxl345();
    (void)adxl345(fd, 0x31, 0x40);
    CHECK(adxl345(fd, 0x80, 0) != 0xE5);
    uint32_t mode = 0, three_wires = SPI_MODE_3 | SPI_3WIRE, four_wires = SPI_MODE_3;
    CHECK(ioctl(fd, SPI_IOC_WR_MODE32, &three_wires) == 0 && ioctl(fd, SPI_IOC_RD_MODE32, &mode) == 0 && mode == three_wires);
    uint8_t command = 0xC0 | 0x2C, registers[6] = { 0 };
    struct spi_ioc_transfer ask[2] = {
        { .tx_buf = (uintptr_t)&command, .len = 1 },
        { .rx_buf = (uintptr_t)registers, .len = sizeof registers },
    };
    CHECK(ioctl(fd, SPI_IOC_MESSAGE(2), ask) == 7 && registers[0] == 0x0A && registers[5] == 0x40);
    struct spi_ioc_transfer both = { .tx_buf = (uintptr_t)&command, .rx_buf = (uintptr_t)registers, .len = 1 };
    CHECK(FAILS_WITH(ioctl(fd, SPI_IOC_MESSAGE(1), &both), EINVAL));
    uint8_t back[2] = { 0x31, 0x00 };
    CHECK(write(fd, back, sizeof back) == 2);
    CHECK(ioctl(fd, SPI_IOC_MESSAGE(2), ask) == 7 && registers[0] != 0x0A);
    CHECK(ioctl(fd, SPI_IOC_WR_MODE32, &four_wires) == 0 && adxl345(fd, 0x80, 0) == 0xE5);
    CHECK(close(fd) == 0);
}

static void chip(void)
{
    int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
    struct gpiochip_info info = { 0 };
    CHECK(ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) == 0);
    CHECK(strcmp(info.name, "gpiochip0") == 0 && strcmp(info.label, "pinctrl-bcm2711") == 0 && info.lines == 58);
    struct gpio_v2_line_info line = { .offset = 17 };
    CHECK(ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &line) == 0);
    CHECK(strcmp(line.name, "GPIO17") == 0 && line.flags == GPIO_V2_LINE_FLAG_INPUT);
    line.offset = 58;
    CHECK(FAILS_WITH(ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &line), EINVAL));
    line.offset = 55;
    CHECK(ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &line) == 0 && (line.flags & GPIO_V2_LINE_FLAG_USED) != 0);
    CHECK(close(fd) == 0);
}

static int request(int chip_fd, uint32_t offset, uint64_t flags, bool value)
{
    struct gpio_v2_line_request request = { .offsets = { offset }, .num_lines = 1, .consumer = "c-test" };
    request.config.flags = flags;
    request.config.num_attrs = 1;
    request.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
    request.config.attrs[0].attr.values = value;
    request.config.attrs[0].mask = 1;
    return ioctl(chip_fd, GPIO_V2_GET_LINE_IOCTL, &request) == 0 ? request.fd : -1;
}

static int value_of(int fd)
{
    struct gpio_v2_line_values values = { .mask = 1 };
    return ioctl(fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) == 0 ? (int)(values.bits & 1) : -1;
}

static int set(int fd, bool value)
{
    struct gpio_v2_line_values values = { .mask = 1, .bits = value };
    return ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values);
}

static void lines_of_the_second_interface(void)
{
    int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
    int out = request(fd, LINE, GPIO_V2_LINE_FLAG_OUTPUT, true);
    CHECK(out >= 0 && value_of(out) == 1);
    struct gpio_v2_line_info info = { .offset = LINE };
    CHECK(ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &info) == 0);
    CHECK(info.flags == (GPIO_V2_LINE_FLAG_USED | GPIO_V2_LINE_FLAG_OUTPUT) && strcmp(info.consumer, "c-test") == 0);
    CHECK(FAILS_WITH(request(fd, LINE, GPIO_V2_LINE_FLAG_INPUT, false), EBUSY));
    CHECK(set(out, false) == 0 && value_of(out) == 0);
    struct gpio_v2_line_config config = { .flags = GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW };
    CHECK(ioctl(out, GPIO_V2_LINE_SET_CONFIG_IOCTL, &config) == 0 && value_of(out) == 0 && set(out, true) == 0 && value_of(out) == 1);
    config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
    CHECK(ioctl(out, GPIO_V2_LINE_SET_CONFIG_IOCTL, &config) == 0 && value_of(out) == 1);
    CHECK(FAILS_WITH(set(out, true), EPERM));
    CHECK(close(out) == 0);

    int drain = request(fd, LINE, GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_OPEN_DRAIN | GPIO_V2_LINE_FLAG_BIAS_PULL_UP, true);
    CHECK(drain >= 0 && value_of(drain) == 1 && set(drain, false) == 0 && value_of(drain) == 0);
    CHECK(close(drain) == 0);
    CHECK(FAILS_WITH(request(fd, LINE, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT, false), EINVAL));
    CHECK(FAILS_WITH(request(fd, LINE, GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_EDGE_RISING, false), EINVAL));
    CHECK(FAILS_WITH(request(fd, 99, GPIO_V2_LINE_FLAG_INPUT, false), EINVAL));
    CHECK(FAILS_WITH(request(fd, 55, GPIO_V2_LINE_FLAG_INPUT, false), EBUSY));

    struct gpio_v2_line_request many = { .offsets = { 10, 11, 12 }, .num_lines = 3 };
    many.config.flags = GPIO_V2_LINE_FLAG_OUTPUT;
    CHECK(ioctl(fd, GPIO_V2_GET_LINE_IOCTL, &many) == 0);
    struct gpio_v2_line_values values = { .mask = 7, .bits = 5 };
    CHECK(ioctl(many.fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0);
    values.bits = 0;
    values.mask = 6;
    CHECK(ioctl(many.fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) == 0 && values.bits == 4);
    CHECK(close(many.fd) == 0);
    CHECK(close(fd) == 0);
}

static void lines_of_the_first_interface(void)
{
    int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
    struct gpiohandle_request request = { .lineoffsets = { 6, 7 }, .lines = 2, .flags = GPIOHANDLE_REQUEST_OUTPUT, .default_values = { 1, 0 } };
    struct gpiohandle_data data;
    strcpy(request.consumer_label, "first");
    CHECK(ioctl(fd, GPIO_GET_LINEHANDLE_IOCTL, &request) == 0);
    CHECK(ioctl(request.fd, GPIOHANDLE_GET_LINE_VALUES_IOCTL, &data) == 0 && data.values[0] == 1 && data.values[1] == 0);
    data.values[1] = 1;
    CHECK(ioctl(request.fd, GPIOHANDLE_SET_LINE_VALUES_IOCTL, &data) == 0);
    CHECK(ioctl(request.fd, GPIOHANDLE_GET_LINE_VALUES_IOCTL, &data) == 0 && data.values[1] == 1);
    struct gpioline_info info = { .line_offset = 7 };
    CHECK(ioctl(fd, GPIO_GET_LINEINFO_IOCTL, &info) == 0 && info.flags == (GPIOLINE_FLAG_KERNEL | GPIOLINE_FLAG_IS_OUT));
    CHECK(strcmp(info.consumer, "first") == 0 && strcmp(info.name, "GPIO7") == 0);
    struct gpiohandle_config config = { .flags = GPIOHANDLE_REQUEST_INPUT | GPIOHANDLE_REQUEST_BIAS_PULL_UP };
    CHECK(ioctl(request.fd, GPIOHANDLE_SET_CONFIG_IOCTL, &config) == 0);
    CHECK(ioctl(request.fd, GPIOHANDLE_GET_LINE_VALUES_IOCTL, &data) == 0 && data.values[0] == 1 && data.values[1] == 1);
    CHECK(close(request.fd) == 0);
    CHECK(close(fd) == 0);
}

static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The accelerometer raises its line with each sample and lowers it when the sample is read. */
static void edges(void)
{
    int spi_fd = open_adxl345(), fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
    int line = request(fd, INTERRUPT_LINE, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING, false);
    int watcher = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = { .events = EPOLLIN }, ready;
    struct gpio_v2_line_event event;
    int64_t before = monotonic();
    CHECK(line >= 0 && epoll_ctl(watcher, EPOLL_CTL_ADD, line, &wanted) == 0);
    (void)adxl345(spi_fd, 0x2E, 0x80);
    (void)adxl345(spi_fd, 0x2D, 0x08);
    for (uint32_t number = 1; number <= 3; number++) {
        CHECK(epoll_wait(watcher, &ready, 1, 60000) == 1);
        CHECK(read(line, &event, sizeof event) == (ssize_t)sizeof event);
        CHECK(event.id == GPIO_V2_LINE_EVENT_RISING_EDGE && event.offset == INTERRUPT_LINE);
        CHECK(event.seqno == number && event.line_seqno == number);
        CHECK((int64_t)event.timestamp_ns >= before - 50000000 && (int64_t)event.timestamp_ns <= monotonic() + 50000000);
        uint8_t out[7] = { 0xF2 }, in[7];
        struct spi_ioc_transfer sample = { .tx_buf = (uintptr_t)out, .rx_buf = (uintptr_t)in, .len = 7 };
        CHECK(ioctl(spi_fd, SPI_IOC_MESSAGE(1), &sample) == 7);
    }
    CHECK(FAILS_WITH(read(line, &event, 3), EINVAL));
    CHECK(close(line) == 0);

    struct gpioevent_request first = { .lineoffset = INTERRUPT_LINE, .handleflags = GPIOHANDLE_REQUEST_INPUT, .eventflags = GPIOEVENT_REQUEST_BOTH_EDGES };
    struct gpioevent_data old;
    CHECK(ioctl(fd, GPIO_GET_LINEEVENT_IOCTL, &first) == 0);
    uint8_t out[7] = { 0xF2 };
    struct spi_ioc_transfer sample = { .tx_buf = (uintptr_t)out, .len = 7 };
    CHECK(ioctl(spi_fd, SPI_IOC_MESSAGE(1), &sample) == 7);
    struct pollfd readable = { .fd = first.fd, .events = POLLIN };
    CHECK(poll(&readable, 1, 60000) == 1 && read(first.fd, &old, sizeof old) == (ssize_t)sizeof old);
    CHECK(old.id == GPIOEVENT_EVENT_FALLING_EDGE || old.id == GPIOEVENT_EVENT_RISING_EDGE);
    (void)adxl345(spi_fd, 0x2D, 0x00);
    (void)adxl345(spi_fd, 0x2E, 0x00);
    CHECK(close(first.fd) == 0 && close(watcher) == 0 && close(spi_fd) == 0 && close(fd) == 0);
}

static void watches(void)
{
    int fd = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC), other = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);
    struct gpio_v2_line_info info = { .offset = LINE };
    struct gpio_v2_line_info_changed changed;
    CHECK(ioctl(fd, GPIO_V2_GET_LINEINFO_WATCH_IOCTL, &info) == 0);
    CHECK(FAILS_WITH(ioctl(fd, GPIO_V2_GET_LINEINFO_WATCH_IOCTL, &info), EBUSY));
    int line = request(other, LINE, GPIO_V2_LINE_FLAG_OUTPUT, true);
    struct pollfd readable = { .fd = fd, .events = POLLIN };
    CHECK(poll(&readable, 1, 60000) == 1 && read(fd, &changed, sizeof changed) == (ssize_t)sizeof changed);
    CHECK(changed.event_type == GPIO_V2_LINE_CHANGED_REQUESTED && changed.info.offset == LINE && strcmp(changed.info.consumer, "c-test") == 0);
    CHECK(close(line) == 0);
    CHECK(poll(&readable, 1, 60000) == 1 && read(fd, &changed, sizeof changed) == (ssize_t)sizeof changed);
    CHECK(changed.event_type == GPIO_V2_LINE_CHANGED_RELEASED && (changed.info.flags & GPIO_V2_LINE_FLAG_USED) == 0);
    uint32_t offset = LINE;
    CHECK(ioctl(fd, GPIO_GET_LINEINFO_UNWATCH_IOCTL, &offset) == 0);
    CHECK(FAILS_WITH(ioctl(fd, GPIO_GET_LINEINFO_UNWATCH_IOCTL, &offset), EBUSY));
    CHECK(close(fd) == 0 && close(other) == 0);
}

static int only_ours(const struct dirent *entry)
{
    return strncmp(entry->d_name, "i2c-", 4) == 0 || strncmp(entry->d_name, "spidev", 6) == 0 || strncmp(entry->d_name, "gpiochip", 8) == 0;
}

static void listings(void)
{
    struct stat status;
    char resolved[4096];
    CHECK(stat("/dev/i2c-1", &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(89, 1));
    CHECK(lstat("/dev/spidev0.1", &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == 153);
    CHECK(access("/dev/gpiochip0", R_OK | W_OK) == 0 && FAILS_WITH(access("/dev/gpiochip0", X_OK), EACCES));
    CHECK(realpath("/dev/gpiochip0", resolved) != NULL && strcmp(resolved, "/dev/gpiochip0") == 0);
    int fd = open("/dev/gpiochip0", O_RDWR);
    CHECK(fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == 254);
    close(fd);
    struct dirent **names = NULL;
    int count = scandir("/dev", &names, only_ours, alphasort);
    CHECK(count == 4 && strcmp(names[0]->d_name, "gpiochip0") == 0 && strcmp(names[1]->d_name, "i2c-1") == 0);
    while (count > 0) free(names[--count]);
    free(names);
    DIR *folder = opendir("/dev");
    int ours = 0, others = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) only_ours(entry) ? ours++ : others++;
    CHECK(ours == 4 && others > 4 && closedir(folder) == 0);
}

static void everything_else_is_untouched(void)
{
    char text[16] = "";
    char name[] = "/tmp/device-nodes-XXXXXX";
    int fd = mkstemp(name);
    struct stat status;
    CHECK(fd >= 0 && write(fd, "hello", 5) == 5 && lseek(fd, 0, SEEK_SET) == 0 && read(fd, text, sizeof text) == 5);
    CHECK(strcmp(text, "hello") == 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 5);
    CHECK(close(fd) == 0 && unlink(name) == 0);
    CHECK(FAILS_WITH(open("/dev/there-is-no-such-node", O_RDWR), ENOENT));
    CHECK(FAILS_WITH(close(9999), EBADF));
    void *library = dlopen("libc.so.6", RTLD_NOW);
    int (*by_handle)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(library, "open");
    int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    CHECK(by_handle != NULL && next != NULL && dlsym(library, "strlen") != NULL && dlsym(library, "no_such_function") == NULL);
    fd = by_handle("/dev/i2c-1", O_RDWR);
    CHECK(fd >= 0 && read_register(fd, BME280, 0xD0) == 0x60 && close(fd) == 0);
}

int main(void)
{
    if (access("/dev/gpiochip0", F_OK) != 0) {
        printf("there are no device nodes\n");
        return 1;
    }
    i2c();
    copies_and_children();
    threads();
    spi();
    spi_on_one_line();
    chip();
    lines_of_the_second_interface();
    lines_of_the_first_interface();
    edges();
    watches();
    listings();
    everything_else_is_untouched();
    printf("%d expectations, %d failed\n", checks, failures);
    return failures > 99 ? 99 : failures;
}
