/* The functions of the C library that programs call, each for our paths and descriptors only; everything else goes on untouched. */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define HAS_MODE(flags) (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE)

/* A result of ours in the C library's manner. */
static long settle(long result)
{
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
}

static int text_as_file(const char *text, int flags)
{
    int fd = memfd_create("sensornode-shim", (flags & O_CLOEXEC) != 0 ? MFD_CLOEXEC : 0);
    if (fd < 0) return -1;
    if (pwrite(fd, text, strlen(text), 0) < 0) {
        real_close(fd);
        return -1;
    }
    return fd;
}

/* Answers -2 when the path is none of ours. */
static int open_ours(const char *path, int flags)
{
    struct path_match match;
    char text[128];
    if (path == NULL || path[0] != '/') return -2;
    if (path_find(path, &match)) return (int)settle(node_open(&match, flags));
    if (strncmp(path, "/sys/", 5) == 0 && path_text_file(path, text, sizeof text) != NULL) return text_as_file(text, flags);
    return -2;
}

static mode_t mode_argument(int flags, va_list *arguments) { return HAS_MODE(flags) ? va_arg(*arguments, mode_t) : 0; }

#define DEFINE_OPEN(name)                                  \
    PUBLIC int name(const char *path, int flags, ...)      \
    {                                                      \
        REAL(#name, int, const char *, int, ...);          \
        int fd = open_ours(path, flags);                   \
        if (fd != -2) return fd;                           \
        va_list arguments;                                 \
        va_start(arguments, flags);                        \
        mode_t mode = mode_argument(flags, &arguments);    \
        va_end(arguments);                                 \
        return real(path, flags, mode);                    \
    }

#define DEFINE_OPEN_2(name)                                \
    PUBLIC int name(const char *path, int flags);          \
    PUBLIC int name(const char *path, int flags)           \
    {                                                      \
        REAL(#name, int, const char *, int);               \
        int fd = open_ours(path, flags);                   \
        return fd != -2 ? fd : real(path, flags);          \
    }

#define DEFINE_OPENAT(name)                                              \
    PUBLIC int name(int folder, const char *path, int flags, ...)        \
    {                                                                    \
        REAL(#name, int, int, const char *, int, ...);                   \
        int fd = open_ours(path, flags);                                 \
        if (fd != -2) return fd;                                         \
        va_list arguments;                                               \
        va_start(arguments, flags);                                      \
        mode_t mode = mode_argument(flags, &arguments);                  \
        va_end(arguments);                                               \
        return real(folder, path, flags, mode);                          \
    }

#define DEFINE_OPENAT_2(name)                                            \
    PUBLIC int name(int folder, const char *path, int flags);            \
    PUBLIC int name(int folder, const char *path, int flags)             \
    {                                                                    \
        REAL(#name, int, int, const char *, int);                        \
        int fd = open_ours(path, flags);                                 \
        return fd != -2 ? fd : real(folder, path, flags);                \
    }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPEN_2(__open_2)
DEFINE_OPEN_2(__open64_2)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)
DEFINE_OPENAT_2(__openat_2)
DEFINE_OPENAT_2(__openat64_2)

#define DEFINE_FOPEN(name)                                                                                       \
    PUBLIC FILE *name(const char *restrict path, const char *restrict mode)                                      \
    {                                                                                                            \
        REAL(#name, FILE *, const char *, const char *);                                                         \
        char text[128];                                                                                          \
        if (path == NULL || strncmp(path, "/sys/", 5) != 0 || path_text_file(path, text, sizeof text) == NULL) { \
            return real(path, mode);                                                                             \
        }                                                                                                        \
        int fd = text_as_file(text, O_CLOEXEC);                                                                  \
        return fd < 0 ? NULL : fdopen(fd, "r");                                                                  \
    }

DEFINE_FOPEN(fopen)
DEFINE_FOPEN(fopen64)

PUBLIC int close(int fd)
{
    REAL("close", int, int);
    return node_close(fd) ? 0 : real(fd);
}

PUBLIC int close_range(unsigned first, unsigned last, int flags)
{
    REAL("close_range", int, unsigned, unsigned, int);
    if (flags == 0) node_close_range(first, last);
    if (real != NULL) return real(first, last, flags);
    errno = ENOSYS;
    return -1;
}

PUBLIC void closefrom(int first)
{
    REAL("closefrom", void, int);
    node_close_range(first < 0 ? 0 : (unsigned)first, ~0u);
    if (real != NULL) real(first);
}

/* One read of a node, as its driver in the kernel does it. */
static ssize_t node_read(int fd, struct node *node, void *buffer, size_t count)
{
    if (node->kind == NODE_I2C) return i2c_read(node, buffer, count);
    if (node->kind == NODE_SPI) return spi_read(node, buffer, count);
    size_t size = lines_event_size(node);
    size_t whole = count - count % size;
    if (whole == 0) return -EINVAL;
    ssize_t result = real_read(fd, buffer, whole);
    return result == -1 ? -errno : result;
}

static ssize_t node_write(struct node *node, const void *buffer, size_t count)
{
    if (node->kind == NODE_I2C) return i2c_write(node, buffer, count);
    return node->kind == NODE_SPI ? spi_write(node, buffer, count) : -EINVAL;
}

PUBLIC ssize_t read(int fd, void *buffer, size_t count)
{
    REAL("read", ssize_t, int, void *, size_t);
    struct node *node = node_get(fd);
    if (node == NULL) return real(fd, buffer, count);
    ssize_t result = node_read(fd, node, buffer, count);
    node_put(node);
    return settle(result);
}

PUBLIC ssize_t __read_chk(int fd, void *buffer, size_t count, size_t room);
PUBLIC ssize_t __read_chk(int fd, void *buffer, size_t count, size_t room)
{
    REAL("__read_chk", ssize_t, int, void *, size_t, size_t);
    return count > room ? real(fd, buffer, count, room) : read(fd, buffer, count);
}

PUBLIC ssize_t write(int fd, const void *buffer, size_t count)
{
    REAL("write", ssize_t, int, const void *, size_t);
    struct node *node = node_get(fd);
    if (node == NULL) return real(fd, buffer, count);
    ssize_t result = node_write(node, buffer, count);
    node_put(node);
    return settle(result);
}

/* i2c-dev does not look at the position; the other drivers are streams, which the kernel refuses a position. */
#define DEFINE_PREAD(name, offset_type)                                                     \
    PUBLIC ssize_t name(int fd, void *buffer, size_t count, offset_type offset)             \
    {                                                                                       \
        REAL(#name, ssize_t, int, void *, size_t, offset_type);                             \
        struct node *node = node_get(fd);                                                   \
        if (node == NULL) return real(fd, buffer, count, offset);                           \
        ssize_t result = node->kind == NODE_I2C ? i2c_read(node, buffer, count) : -ESPIPE;  \
        node_put(node);                                                                     \
        return settle(result);                                                              \
    }

#define DEFINE_PWRITE(name, offset_type)                                                    \
    PUBLIC ssize_t name(int fd, const void *buffer, size_t count, offset_type offset)       \
    {                                                                                       \
        REAL(#name, ssize_t, int, const void *, size_t, offset_type);                       \
        struct node *node = node_get(fd);                                                   \
        if (node == NULL) return real(fd, buffer, count, offset);                           \
        ssize_t result = node->kind == NODE_I2C ? i2c_write(node, buffer, count) : -ESPIPE; \
        node_put(node);                                                                     \
        return settle(result);                                                              \
    }

DEFINE_PREAD(pread, off_t)
DEFINE_PREAD(pread64, off64_t)
DEFINE_PWRITE(pwrite, off_t)
DEFINE_PWRITE(pwrite64, off64_t)

/* Each part is a transfer of its own, up to the first that fails or falls short. */
PUBLIC ssize_t readv(int fd, const struct iovec *parts, int count)
{
    REAL("readv", ssize_t, int, const struct iovec *, int);
    struct node *node = node_get(fd);
    if (node == NULL) return real(fd, parts, count);
    ssize_t total = 0, result = 0;
    for (int i = 0; i < count; i++) {
        result = node_read(fd, node, parts[i].iov_base, parts[i].iov_len);
        if (result > 0) total += result;
        if (result < 0 || (size_t)result < parts[i].iov_len) break;
    }
    node_put(node);
    return total > 0 ? total : settle(result);
}

PUBLIC ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL("writev", ssize_t, int, const struct iovec *, int);
    struct node *node = node_get(fd);
    if (node == NULL) return real(fd, parts, count);
    ssize_t total = 0, result = 0;
    for (int i = 0; i < count; i++) {
        result = node_write(node, parts[i].iov_base, parts[i].iov_len);
        if (result > 0) total += result;
        if (result < 0 || (size_t)result < parts[i].iov_len) break;
    }
    node_put(node);
    return total > 0 ? total : settle(result);
}

PUBLIC int ioctl(int fd, unsigned long request, ...)
{
    REAL("ioctl", int, int, unsigned long, ...);
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    struct node *node = node_get(fd);
    if (node == NULL) return real(fd, request, argument);
    request &= 0xFFFFFFFFul; /* callers that pass an int sign-extend it */
    long result;
    if (node->kind == NODE_I2C) result = i2c_ioctl(node, request, argument);
    else if (node->kind == NODE_SPI) result = spi_ioctl(node, request, argument);
    else if (node->kind == NODE_CHIP) result = chip_ioctl(node, request, argument);
    else result = lines_ioctl(node, request, argument);
    node_put(node);
    return (int)settle(result);
}

PUBLIC int dup(int fd)
{
    REAL("dup", int, int);
    int copy = real(fd);
    if (copy >= 0) node_duplicate(fd, copy);
    return copy;
}

PUBLIC int dup2(int fd, int target)
{
    REAL("dup2", int, int, int);
    if (fd == target) return real(fd, target);
    (void)node_close(target);
    int copy = real(fd, target);
    if (copy >= 0) node_duplicate(fd, copy);
    return copy;
}

PUBLIC int dup3(int fd, int target, int flags)
{
    REAL("dup3", int, int, int, int);
    if (fd != target) (void)node_close(target);
    int copy = real(fd, target, flags);
    if (copy >= 0) node_duplicate(fd, copy);
    return copy;
}

#define DEFINE_FCNTL(name)                                                              \
    PUBLIC int name(int fd, int command, ...)                                           \
    {                                                                                   \
        REAL(#name, int, int, int, ...);                                                \
        va_list arguments;                                                              \
        va_start(arguments, command);                                                   \
        void *argument = va_arg(arguments, void *);                                     \
        va_end(arguments);                                                              \
        int result = real(fd, command, argument);                                       \
        if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) node_duplicate(fd, result); \
        return result;                                                                  \
    }

DEFINE_FCNTL(fcntl)
DEFINE_FCNTL(fcntl64)

/* ---- dlsym: .NET asks for the C library's functions by handle and name, and would not see this library otherwise ---- */

static const char *const interposed[] = {
    "open", "open64", "openat", "openat64", "close", "close_range", "read", "write", "pread",
    "pread64", "pwrite", "pwrite64", "readv", "writev", "ioctl", "dup", "dup2", "dup3", "fcntl", "fcntl64",
    "fopen", "fopen64", "stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "fstatat", "fstatat64", "statx", "__xstat", "__xstat64",
    "__lxstat", "__lxstat64", "__fxstat", "__fxstat64", "__fxstatat", "__fxstatat64", "access", "faccessat", "opendir", "readdir",
    "readdir64", "closedir", "rewinddir", "scandir", "scandir64", "realpath",
};

/* Only what would be the C library's own function is replaced, so that nobody else's function of the same name is. */
PUBLIC void *dlsym(void *restrict handle, const char *restrict name)
{
    if (handle == RTLD_NEXT) {
        typedef void *(*dlsym_type)(void *, const char *);
        static dlsym_type real;
        if (real == NULL) real = (dlsym_type)real_dlsym_find(RTLD_NEXT, "dlsym");
        return real(handle, name); /* a jump when optimised, so that "next" is counted from the caller */
    }
    void *found = real_dlsym_find(handle, name);
    for (size_t i = 0; found != NULL && i < sizeof interposed / sizeof *interposed; i++) {
        if (strcmp(name, interposed[i]) == 0 && found == real_find(name)) return real_dlsym_find(RTLD_DEFAULT, name);
    }
    return found;
}
