/* Which file descriptors of the program are ours, what stands behind each, and which paths lead here. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MOST_FDS 65536
#define I2C_MAJOR 89
#define SPI_MAJOR 153
#define GPIO_MAJOR 254

static struct node *table[MOST_FDS];
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct wire_board known_board;
static bool board_is_known;
static pthread_mutex_t board_lock = PTHREAD_MUTEX_INITIALIZER;

static void before_fork(void) { pthread_mutex_lock(&table_lock); }
static void after_fork(void) { pthread_mutex_unlock(&table_lock); }

__attribute__((constructor)) static void set_up(void) { (void)pthread_atfork(before_fork, after_fork, after_fork); }

bool board_get(struct wire_board *board)
{
    pthread_mutex_lock(&board_lock);
    if (!board_is_known) {
        int connection = wire_connect(&known_board);
        board_is_known = connection >= 0;
        if (connection >= 0) real_close(connection);
    }
    *board = known_board;
    bool known = board_is_known;
    pthread_mutex_unlock(&board_lock);
    return known;
}

/* ---- paths ---- */

static bool is_end(const char *text, int used) { return used > 0 && text[used] == '\0'; }

bool path_find(const char *path, struct path_match *match)
{
    if (path == NULL || strncmp(path, "/dev/", 5) != 0) return false;
    unsigned bus = 0, select = 0;
    int used = 0;
    const char *name = path + 5;
    struct wire_board board;
    memset(match, 0, sizeof *match);
    if (sscanf(name, "i2c-%5u%n", &bus, &used) == 1 && is_end(name, used) && board_get(&board)) {
        match->kind = NODE_I2C;
        match->bus = (uint16_t)bus;
        match->device = makedev(I2C_MAJOR, bus);
        for (size_t i = 0; i < board.i2c_count; i++) if (board.i2c[i] == bus) return true;
    } else if (used = 0, sscanf(name, "spidev%5u.%3u%n", &bus, &select, &used) == 2 && is_end(name, used) && board_get(&board)) {
        match->kind = NODE_SPI;
        match->bus = (uint16_t)bus;
        match->select = (uint8_t)select;
        match->device = makedev(SPI_MAJOR, bus * 8 + select);
        for (size_t i = 0; i < board.spi_count; i++) if (board.spi[i].bus == bus && select < board.spi[i].selects) return true;
    } else if (strcmp(name, "gpiochip0") == 0 && board_get(&board) && board.lines > 0) {
        match->kind = NODE_CHIP;
        match->device = makedev(GPIO_MAJOR, 0);
        return true;
    }
    return false;
}

const char *path_text_file(const char *path, char *text, size_t room)
{
    struct path_match match;
    char name[64], device[80];
    int used = 0;
    if (path == NULL) return NULL;
    if (strcmp(path, "/sys/bus/gpio/devices/gpiochip0/dev") == 0 && path_find("/dev/gpiochip0", &match)) {
        snprintf(text, room, "%u:%u\n", major(match.device), minor(match.device));
        return text;
    }
    if (sscanf(path, "/sys/class/i2c-dev/%60[^/]/name%n", name, &used) == 1 && is_end(path, used)) {
        snprintf(device, sizeof device, "/dev/%s", name);
        if (path_find(device, &match) && match.kind == NODE_I2C) {
            snprintf(text, room, "bcm2835 (i2c@7e804000) emulated\n");
            return text;
        }
    }
    return NULL;
}

const char *path_link(const char *path)
{
    struct path_match match;
    if (path == NULL || strcmp(path, "/sys/dev/char/254:0/subsystem") != 0) return NULL;
    return path_find("/dev/gpiochip0", &match) ? "/sys/bus/gpio" : NULL;
}

/* ---- descriptors ---- */

static void node_destroy(struct node *node)
{
    if (node->connection >= 0) real_close(node->connection);
    if (node->peer >= 0) real_close(node->peer);
    pthread_mutex_destroy(&node->lock);
    free(node);
}

static ino_t inode_of(int fd)
{
    struct stat status;
    return syscall(SYS_fstat, fd, &status) == 0 ? status.st_ino : 0;
}

int node_create(enum node_kind kind, int flags, struct node **made)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
    if (ends[0] >= MOST_FDS) {
        real_close(ends[0]);
        real_close(ends[1]);
        return -EMFILE;
    }
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        real_close(ends[0]);
        real_close(ends[1]);
        return -ENOMEM;
    }
    if ((flags & O_CLOEXEC) == 0) (void)syscall(SYS_fcntl, ends[0], F_SETFD, 0);
    if ((flags & O_NONBLOCK) != 0) (void)syscall(SYS_fcntl, ends[0], F_SETFL, O_RDWR | O_NONBLOCK);
    node->kind = kind;
    node->peer = real_dup_high(ends[1]);
    node->connection = node->pump_connection = -1;
    node->inode = inode_of(ends[0]);
    node->refs = 2; /* the table's and the caller's */
    node->fds = 1;
    node->spi_bits = 8;
    node->spi_hertz = 125000000;
    pthread_mutex_init(&node->lock, NULL);
    pthread_mutex_lock(&table_lock);
    table[ends[0]] = node;
    pthread_mutex_unlock(&table_lock);
    *made = node;
    return ends[0];
}

int node_open(const struct path_match *match, int flags)
{
    struct node *node;
    int fd = node_create(match->kind, flags, &node);
    if (fd < 0) return fd;
    struct wire_board board;
    int connection = wire_connect(&board);
    node->connection = connection < 0 ? -1 : connection;
    node->bus = match->bus;
    node->select = match->select;
    node->device = match->device;
    node_put(node);
    if (connection >= 0) return fd;
    node_close(fd);
    return -ENXIO;
}

/* A number that the program got anew for something else, after it closed ours behind our back, is forgotten. */
struct node *node_get(int fd)
{
    if (fd < 0 || fd >= MOST_FDS || __atomic_load_n(&table[fd], __ATOMIC_RELAXED) == NULL) return NULL;
    int error = errno;
    ino_t inode = inode_of(fd);
    errno = error;
    pthread_mutex_lock(&table_lock);
    struct node *node = table[fd];
    bool stale = node != NULL && node->inode != inode;
    if (node != NULL && !stale) node->refs++;
    if (stale) table[fd] = NULL;
    bool last = stale && --node->fds == 0;
    pthread_mutex_unlock(&table_lock);
    if (last && node->pump_connection >= 0) (void)shutdown(node->pump_connection, SHUT_RDWR);
    if (stale) node_put(node);
    return stale ? NULL : node;
}

void node_hold(struct node *node)
{
    pthread_mutex_lock(&table_lock);
    node->refs++;
    pthread_mutex_unlock(&table_lock);
}

void node_put(struct node *node)
{
    pthread_mutex_lock(&table_lock);
    bool unused = --node->refs == 0;
    pthread_mutex_unlock(&table_lock);
    if (unused) node_destroy(node);
}

void node_duplicate(int from, int to)
{
    struct node *node = node_get(from);
    if (node == NULL) return;
    bool fits = to < MOST_FDS;
    pthread_mutex_lock(&table_lock);
    if (fits) {
        table[to] = node;
        node->fds++;
        node->refs++;
    }
    pthread_mutex_unlock(&table_lock);
    node_put(node);
}

/* With its last descriptor a node gives up its connection, and with that its lines. */
bool node_close(int fd)
{
    struct node *node = node_get(fd);
    if (node == NULL) return false;
    pthread_mutex_lock(&table_lock);
    bool was_there = table[fd] == node;
    if (was_there) table[fd] = NULL;
    bool last = was_there && --node->fds == 0;
    pthread_mutex_unlock(&table_lock);
    if (was_there) real_close(fd);
    if (last) {
        pthread_mutex_lock(&node->lock);
        node->closing = true;
        if (node->pump_connection >= 0) (void)shutdown(node->pump_connection, SHUT_RDWR);
        if (node->connection >= 0) real_close(node->connection);
        node->connection = -1;
        pthread_mutex_unlock(&node->lock);
    }
    if (was_there) node_put(node);
    node_put(node);
    return was_there;
}

void node_close_range(unsigned first, unsigned last)
{
    for (unsigned fd = first; fd <= last && fd < MOST_FDS; fd++) if (table[fd] != NULL) (void)node_close((int)fd);
}

/* A connection that fails costs this one exchange; the next one begins with a new connection. */
int node_exchange(struct node *node, struct wire *request, struct wire *answer)
{
    pthread_mutex_lock(&node->lock);
    int result = 0;
    if (node->connection < 0) {
        struct wire_board board;
        node->connection = wire_connect(&board);
        if (node->connection >= 0 && node->kind == NODE_LINES) result = lines_restore(node);
    }
    if (node->connection < 0) result = -EIO;
    if (result == 0) result = wire_exchange(node->connection, request, answer);
    if (result == -EPIPE) {
        real_close(node->connection);
        node->connection = -1;
        result = -EIO;
    }
    pthread_mutex_unlock(&node->lock);
    return result;
}
