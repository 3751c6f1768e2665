/* The C library's own functions, found past this library. */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef void *(*dlsym_type)(void *, const char *);

/* dlsym itself is interposed here, so the real one is asked for by its version: those of glibc's architectures. */
static dlsym_type real_dlsym(void)
{
    static dlsym_type found;
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.4", "GLIBC_2.27", "GLIBC_2.0" };
    for (size_t i = 0; found == NULL && i < sizeof versions / sizeof *versions; i++) {
        found = (dlsym_type)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }
    return found;
}

void *real_find(const char *name)
{
    dlsym_type find = real_dlsym();
    return find == NULL ? NULL : find(RTLD_NEXT, name);
}

void *real_dlsym_find(void *handle, const char *name)
{
    dlsym_type find = real_dlsym();
    return find == NULL ? NULL : find(handle, name);
}

int real_close(int fd) { return (int)syscall(SYS_close, fd); }

ssize_t real_read(int fd, void *buffer, size_t count) { return (ssize_t)syscall(SYS_read, fd, buffer, count); }

int real_dup_high(int fd)
{
    int high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 400);
    if (high < 0) return fd;
    real_close(fd);
    return high;
}
