/* What programs learn about paths before they open them: status, access, listings, links. */
#define _GNU_SOURCE
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* ---- status ---- */

/* A character device that everybody may use, with the device number of the real one. */
static bool status_of_path(const char *path, struct stat *status)
{
    struct path_match match;
    if (path == NULL || path[0] != '/' || !path_find(path, &match)) return false;
    memset(status, 0, sizeof *status);
    status->st_mode = S_IFCHR | 0666;
    status->st_nlink = 1;
    status->st_rdev = match.device;
    status->st_ino = (ino_t)match.device;
    status->st_blksize = 4096;
    return true;
}

static bool status_of_fd(int fd, struct stat *status)
{
    struct node *node = node_get(fd);
    if (node == NULL) return false;
    memset(status, 0, sizeof *status);
    status->st_mode = S_IFCHR | 0666;
    status->st_nlink = 1;
    status->st_rdev = node->device;
    status->st_ino = node->inode;
    status->st_blksize = 4096;
    node_put(node);
    return true;
}

/* On the 64-bit systems that this library is for, struct stat64 is struct stat. */
#define DEFINE_STAT(name, type)                                              \
    PUBLIC int name(const char *restrict path, struct type *restrict status) \
    {                                                                        \
        REAL(#name, int, const char *, struct type *);                       \
        return status_of_path(path, (struct stat *)status) ? 0 : real(path, status); \
    }

#define DEFINE_FSTAT(name, type)                                             \
    PUBLIC int name(int fd, struct type *status)                             \
    {                                                                        \
        REAL(#name, int, int, struct type *);                                \
        return status_of_fd(fd, (struct stat *)status) ? 0 : real(fd, status); \
    }

#define DEFINE_FSTATAT(name, type)                                                                  \
    PUBLIC int name(int folder, const char *restrict path, struct type *restrict status, int flags) \
    {                                                                                               \
        REAL(#name, int, int, const char *, struct type *, int);                                    \
        if (path[0] == '\0' && (flags & AT_EMPTY_PATH) != 0 && status_of_fd(folder, (struct stat *)status)) return 0; \
        return status_of_path(path, (struct stat *)status) ? 0 : real(folder, path, status, flags); \
    }

#define DEFINE_XSTAT(name, type)                                             \
    PUBLIC int name(int version, const char *path, struct type *status);     \
    PUBLIC int name(int version, const char *path, struct type *status)      \
    {                                                                        \
        REAL(#name, int, int, const char *, struct type *);                  \
        return status_of_path(path, (struct stat *)status) ? 0 : real(version, path, status); \
    }

#define DEFINE_FXSTAT(name, type)                                            \
    PUBLIC int name(int version, int fd, struct type *status);               \
    PUBLIC int name(int version, int fd, struct type *status)                \
    {                                                                        \
        REAL(#name, int, int, int, struct type *);                           \
        return status_of_fd(fd, (struct stat *)status) ? 0 : real(version, fd, status); \
    }

#define DEFINE_FXSTATAT(name, type)                                                                   \
    PUBLIC int name(int version, int folder, const char *path, struct type *status, int flags);       \
    PUBLIC int name(int version, int folder, const char *path, struct type *status, int flags)        \
    {                                                                                                 \
        REAL(#name, int, int, int, const char *, struct type *, int);                                 \
        return status_of_path(path, (struct stat *)status) ? 0 : real(version, folder, path, status, flags); \
    }

DEFINE_STAT(stat, stat)
DEFINE_STAT(stat64, stat64)
DEFINE_STAT(lstat, stat)
DEFINE_STAT(lstat64, stat64)
DEFINE_FSTAT(fstat, stat)
DEFINE_FSTAT(fstat64, stat64)
DEFINE_FSTATAT(fstatat, stat)
DEFINE_FSTATAT(fstatat64, stat64)
DEFINE_XSTAT(__xstat, stat)
DEFINE_XSTAT(__xstat64, stat64)
DEFINE_XSTAT(__lxstat, stat)
DEFINE_XSTAT(__lxstat64, stat64)
DEFINE_FXSTAT(__fxstat, stat)
DEFINE_FXSTAT(__fxstat64, stat64)
DEFINE_FXSTATAT(__fxstatat, stat)
DEFINE_FXSTATAT(__fxstatat64, stat64)

PUBLIC int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict result)
{
    REAL("statx", int, int, const char *, int, unsigned, struct statx *);
    struct stat status;
    bool by_fd = path[0] == '\0' && (flags & AT_EMPTY_PATH) != 0 && status_of_fd(folder, &status);
    if (!by_fd && !status_of_path(path, &status)) return real(folder, path, flags, mask, result);
    memset(result, 0, sizeof *result);
    result->stx_mask = STATX_BASIC_STATS;
    result->stx_mode = (uint16_t)status.st_mode;
    result->stx_nlink = 1;
    result->stx_ino = status.st_ino;
    result->stx_blksize = 4096;
    result->stx_rdev_major = major(status.st_rdev);
    result->stx_rdev_minor = minor(status.st_rdev);
    return 0;
}

static bool exists(const char *path)
{
    struct path_match match;
    char text[128];
    if (path == NULL || path[0] != '/') return false;
    return path_find(path, &match) || (strncmp(path, "/sys/", 5) == 0 && (path_text_file(path, text, sizeof text) != NULL || path_link(path) != NULL))
        || (strcmp(path, "/sys/bus/gpio/devices/gpiochip0") == 0 && path_find("/dev/gpiochip0", &match));
}

PUBLIC int access(const char *path, int mode)
{
    REAL("access", int, const char *, int);
    if (!exists(path)) return real(path, mode);
    if ((mode & X_OK) == 0) return 0;
    errno = EACCES;
    return -1;
}

PUBLIC int faccessat(int folder, const char *path, int mode, int flags)
{
    REAL("faccessat", int, int, const char *, int, int);
    return exists(path) ? access(path, mode) : real(folder, path, mode, flags);
}

PUBLIC char *realpath(const char *restrict path, char *restrict resolved)
{
    REAL("realpath", char *, const char *, char *);
    struct path_match match;
    const char *target = path_link(path);
    if (target == NULL && path_find(path, &match)) target = path;
    if (target == NULL) return real(path, resolved);
    if (resolved == NULL) return strdup(target);
    return strcpy(resolved, target);
}

/* ls asks for these; devices have none. */
#define DEFINE_GETXATTR(name)                                                                 \
    PUBLIC ssize_t name(const char *path, const char *attribute, void *value, size_t size)    \
    {                                                                                         \
        REAL(#name, ssize_t, const char *, const char *, void *, size_t);                     \
        if (!exists(path)) return real(path, attribute, value, size);                         \
        errno = ENOTSUP;                                                                      \
        return -1;                                                                            \
    }

DEFINE_GETXATTR(getxattr)
DEFINE_GETXATTR(lgetxattr)

/* ---- listings ---- */

#define MOST_LISTINGS 32
#define MOST_NAMES 140

/* A listing of a folder with names of ours: first the real entries, then ours. */
struct listing {
    DIR *folder;
    char names[MOST_NAMES][24];
    size_t count, next;
    bool only_ours;
    struct dirent64 entry;
};

static struct listing *listings[MOST_LISTINGS];
static pthread_mutex_t listings_lock = PTHREAD_MUTEX_INITIALIZER;

static void add_names(struct listing *listing, bool devices)
{
    struct wire_board board;
    if (!board_get(&board)) return;
    for (size_t i = 0; i < board.i2c_count && listing->count < MOST_NAMES; i++) {
        snprintf(listing->names[listing->count++], sizeof *listing->names, "i2c-%u", board.i2c[i]);
    }
    for (size_t i = 0; devices && i < board.spi_count; i++) {
        for (unsigned select = 0; select < board.spi[i].selects && listing->count < MOST_NAMES; select++) {
            snprintf(listing->names[listing->count++], sizeof *listing->names, "spidev%u.%u", board.spi[i].bus, select);
        }
    }
    if (devices && board.lines > 0 && listing->count < MOST_NAMES) snprintf(listing->names[listing->count++], sizeof *listing->names, "gpiochip0");
}

static bool is_folder(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return path != NULL && strncmp(path, folder, length) == 0 && (path[length] == '\0' || strcmp(path + length, "/") == 0);
}

static struct listing *listing_of(const DIR *folder)
{
    struct listing *found = NULL;
    pthread_mutex_lock(&listings_lock);
    for (size_t i = 0; i < MOST_LISTINGS; i++) if (listings[i] != NULL && listings[i]->folder == folder) found = listings[i];
    pthread_mutex_unlock(&listings_lock);
    return found;
}

static void remember(struct listing *listing)
{
    pthread_mutex_lock(&listings_lock);
    for (size_t i = 0; listing != NULL && i < MOST_LISTINGS; i++) {
        if (listings[i] != NULL) continue;
        listings[i] = listing;
        listing = NULL;
    }
    pthread_mutex_unlock(&listings_lock);
    free(listing); /* too many at a time: this one shows the real folder only */
}

PUBLIC DIR *opendir(const char *path)
{
    REAL("opendir", DIR *, const char *);
    bool devices = is_folder(path, "/dev"), buses = is_folder(path, "/sys/class/i2c-dev");
    struct wire_board board;
    if ((!devices && !buses) || !board_get(&board)) return real(path);
    DIR *folder = real(path);
    struct listing *listing = calloc(1, sizeof *listing);
    if (folder == NULL) {
        folder = buses ? real("/dev") : NULL;
        if (listing != NULL) listing->only_ours = true;
    }
    if (folder == NULL || listing == NULL) {
        free(listing);
        return folder;
    }
    listing->folder = folder;
    add_names(listing, devices);
    remember(listing);
    return folder;
}

static bool is_ours(const struct listing *listing, const char *name)
{
    for (size_t i = 0; i < listing->count; i++) if (strcmp(listing->names[i], name) == 0) return true;
    return false;
}

static struct dirent64 *next_of_ours(struct listing *listing)
{
    if (listing->next >= listing->count) return NULL;
    memset(&listing->entry, 0, sizeof listing->entry);
    listing->entry.d_ino = 1000000 + listing->next;
    listing->entry.d_reclen = sizeof listing->entry;
    listing->entry.d_type = DT_CHR;
    snprintf(listing->entry.d_name, sizeof listing->entry.d_name, "%s", listing->names[listing->next++]);
    return &listing->entry;
}

#define DEFINE_READDIR(name, type)                                                        \
    PUBLIC struct type *name(DIR *folder)                                                 \
    {                                                                                     \
        REAL(#name, struct type *, DIR *);                                                \
        struct listing *listing = listing_of(folder);                                     \
        if (listing == NULL) return real(folder);                                         \
        while (!listing->only_ours && listing->next == 0) {                               \
            struct type *entry = real(folder);                                            \
            if (entry == NULL) break;                                                     \
            if (!is_ours(listing, entry->d_name)) return entry;                           \
        }                                                                                 \
        return (struct type *)next_of_ours(listing);                                      \
    }

DEFINE_READDIR(readdir, dirent)
DEFINE_READDIR(readdir64, dirent64)

PUBLIC void rewinddir(DIR *folder)
{
    REAL("rewinddir", void, DIR *);
    struct listing *listing = listing_of(folder);
    if (listing != NULL) listing->next = 0;
    real(folder);
}

PUBLIC int closedir(DIR *folder)
{
    REAL("closedir", int, DIR *);
    pthread_mutex_lock(&listings_lock);
    for (size_t i = 0; i < MOST_LISTINGS; i++) {
        if (listings[i] == NULL || listings[i]->folder != folder) continue;
        free(listings[i]);
        listings[i] = NULL;
    }
    pthread_mutex_unlock(&listings_lock);
    return real(folder);
}

typedef int (*entry_filter)(const struct dirent *);
typedef int (*entry_order)(const struct dirent **, const struct dirent **);
typedef int (*sort_order)(const void *, const void *);

static int scan(const char *path, struct dirent ***list, entry_filter wanted, entry_order order)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return -1;
    struct dirent **found = NULL;
    size_t count = 0;
    bool failed = false;
    for (struct dirent *entry = readdir(folder); entry != NULL && !failed; entry = readdir(folder)) {
        if (wanted != NULL && wanted(entry) == 0) continue;
        struct dirent **more = realloc(found, (count + 1) * sizeof *found);
        struct dirent *copy = more == NULL ? NULL : malloc(sizeof *copy);
        if (more != NULL) found = more;
        failed = copy == NULL;
        if (failed) break;
        memset(copy, 0, sizeof *copy);
        memcpy(copy, entry, offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1);
        found[count++] = copy;
    }
    (void)closedir(folder);
    if (failed) {
        while (count > 0) free(found[--count]);
        free(found);
        errno = ENOMEM;
        return -1;
    }
    if (order != NULL && count > 1) qsort(found, count, sizeof *found, (sort_order)(void *)order);
    *list = found;
    return (int)count;
}

PUBLIC int scandir(const char *restrict path, struct dirent ***restrict list, entry_filter wanted, entry_order order)
{
    REAL("scandir", int, const char *, struct dirent ***, entry_filter, entry_order);
    return is_folder(path, "/dev") || is_folder(path, "/sys/class/i2c-dev") ? scan(path, list, wanted, order) : real(path, list, wanted, order);
}

typedef int (*entry_filter64)(const struct dirent64 *);
typedef int (*entry_order64)(const struct dirent64 **, const struct dirent64 **);

PUBLIC int scandir64(const char *restrict path, struct dirent64 ***restrict list, entry_filter64 wanted, entry_order64 order)
{
    REAL("scandir64", int, const char *, struct dirent64 ***, entry_filter64, entry_order64);
    if (!is_folder(path, "/dev") && !is_folder(path, "/sys/class/i2c-dev")) return real(path, list, wanted, order);
    return scan(path, (struct dirent ***)(void *)list, (entry_filter)(void *)wanted, (entry_order)(void *)order);
}
