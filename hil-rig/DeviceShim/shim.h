/*
 * The device shim: a preload library that serves /dev/i2c-N, /dev/spidevB.C and /dev/gpiochipN from the rig's emulated chips, so that
 * programs written for a Pi run unchanged. Test equipment: never part of an image. How it works: docs/device-shim.md.
 */
#ifndef SENSORNODE_SHIM_H
#define SENSORNODE_SHIM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- wire.c: the remote bus, docs/remote-bus.md ---- */

enum wire_kind {
    WIRE_HELLO = 0x01,
    WIRE_I2C = 0x02,
    WIRE_SPI = 0x03,
    WIRE_LINE_REQUEST = 0x04,
    WIRE_LINE_READ = 0x06,
    WIRE_LINE_WRITE = 0x07,
    WIRE_LINE_STATE = 0x08,
    WIRE_WATCH_EDGES = 0x09,
    WIRE_WATCH_LINES = 0x0A,
    WIRE_EDGE = 0x40,
    WIRE_LINE_CHANGED = 0x41,
};

/* What the server has: learnt from its greeting. */
struct wire_board {
    uint16_t i2c[64];
    size_t i2c_count;
    struct { uint16_t bus; uint8_t selects; } spi[64];
    size_t spi_count;
    uint32_t lines;
    char label[32];
    int64_t offset_ns; /* CLOCK_MONOTONIC minus the board's clock */
};

/* A frame being built, or one that was received; little end first. */
struct wire {
    uint8_t *bytes;
    size_t length, at, room;
    bool failed; /* out of memory, or read beyond the end */
};

void wire_begin(struct wire *frame, enum wire_kind kind, uint32_t id);
void wire_put(struct wire *frame, uint64_t value, size_t width);
void wire_bytes(struct wire *frame, const void *bytes, size_t count);
void wire_text(struct wire *frame, const char *text, size_t longest);
uint64_t wire_get(struct wire *frame, size_t width);
const uint8_t *wire_take(struct wire *frame, size_t count);
void wire_free(struct wire *frame);

/* All of these answer 0 or a negative errno; none waits longer than a few seconds, except wire_receive with wait. */
int wire_connect(struct wire_board *board);
int wire_send(int connection, struct wire *frame);
int wire_receive(int connection, struct wire *frame, bool wait);
int wire_exchange(int connection, struct wire *request, struct wire *answer);

/* ---- nodes.c: which file descriptors are ours, and the paths ---- */

enum node_kind { NODE_I2C, NODE_SPI, NODE_CHIP, NODE_LINES };

#define LINES_MAX 64

struct line {
    uint32_t offset;
    uint64_t flags; /* of the second GPIO interface: GPIO_V2_LINE_FLAG_... */
    bool value;     /* as the program sees it, active low included */
    uint32_t debounce_us;
};

struct node {
    enum node_kind kind;
    unsigned refs, fds; /* users in all, and file descriptors among them; under the table's lock */
    ino_t inode;        /* of the program's end, to know it from a descriptor that took its number */
    int peer;           /* our end: what is written there, the program reads */
    pthread_mutex_t lock;
    int connection; /* -1 until the next request makes one; under lock */
    uint32_t next_id;
    bool closing;

    uint16_t bus;
    uint8_t select;
    dev_t device;

    uint16_t i2c_address;
    uint32_t spi_mode, spi_hertz;
    uint8_t spi_bits;

    struct line lines[LINES_MAX];
    uint32_t line_count;
    char consumer[32];
    bool first_abi;     /* events and changes have the layout of the first GPIO interface */
    bool has_pump;
    int pump_connection; /* under lock; -1 when there is none */
    uint64_t watched;    /* of a chip: lines whose changes are wanted */
    uint32_t seqno, line_seqno[LINES_MAX];
};

struct path_match {
    enum node_kind kind;
    uint16_t bus;
    uint8_t select;
    dev_t device;
};

bool board_get(struct wire_board *board); /* false when there is no server to ask */
bool path_find(const char *path, struct path_match *match);
const char *path_text_file(const char *path, char *text, size_t room); /* a file of sysfs that programs look at */
const char *path_link(const char *path);                              /* where such a link leads */

int node_open(const struct path_match *match, int flags);
int node_create(enum node_kind kind, int flags, struct node **made); /* answers the program's descriptor or -errno */
struct node *node_get(int fd);
void node_hold(struct node *node);
void node_put(struct node *node);
void node_duplicate(int from, int to);
bool node_close(int fd); /* true when it was ours; the descriptor itself is closed too */
void node_close_range(unsigned first, unsigned last);
int node_exchange(struct node *node, struct wire *request, struct wire *answer); /* takes the lock */

/* ---- the devices: each answers a result of 0 or more, or a negative errno ---- */

long i2c_ioctl(struct node *node, unsigned long request, void *argument);
ssize_t i2c_read(struct node *node, void *buffer, size_t count);
ssize_t i2c_write(struct node *node, const void *buffer, size_t count);
long spi_ioctl(struct node *node, unsigned long request, void *argument);
ssize_t spi_read(struct node *node, void *buffer, size_t count);
ssize_t spi_write(struct node *node, const void *buffer, size_t count);
long chip_ioctl(struct node *node, unsigned long request, void *argument);
long lines_ioctl(struct node *node, unsigned long request, void *argument);
int lines_restore(struct node *node);           /* asks for the lines again on a new connection; under lock */
size_t lines_event_size(const struct node *node);

/* ---- gpio_info.c, gpio_events.c ---- */

struct gpio_v2_line_info;
struct gpioline_info;
int info_read(struct node *node, uint32_t offset, struct gpio_v2_line_info *info);
void info_from_wire(struct wire *frame, uint32_t offset, struct gpio_v2_line_info *info);
void info_to_first(const struct gpio_v2_line_info *info, struct gpioline_info *old);
int pump_start(struct node *node);

/* ---- real.c: the C library's own functions ---- */

void *real_find(const char *name);
void *real_dlsym_find(void *handle, const char *name);

#define REAL(name, result, ...)                                       \
    static result (*real)(__VA_ARGS__);                               \
    if (real == NULL) real = (result (*)(__VA_ARGS__))real_find(name)

int real_close(int fd);
ssize_t real_read(int fd, void *buffer, size_t count);
int real_dup_high(int fd); /* moves a descriptor of ours out of the program's way; closes the old one */

#endif
