/* Frames of the remote bus, version 1, and the way to its server: docs/remote-bus.md. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LENGTH_BYTES 4
#define HEAD_BYTES 5
#define LONGEST_FRAME (512u * 1024u)
#define VERSION 1
#define PATIENCE_MS 10000
#define ANSWER 0x80u

static bool wire_grow(struct wire *frame, size_t count)
{
    if (frame->failed || count > LONGEST_FRAME + LENGTH_BYTES) {
        frame->failed = true;
        return false;
    }
    if (frame->room >= count) return true;
    size_t room = count < 256 ? 256 : count;
    uint8_t *bytes = realloc(frame->bytes, room);
    if (bytes == NULL) {
        frame->failed = true;
        return false;
    }
    frame->bytes = bytes;
    frame->room = room;
    return true;
}

void wire_begin(struct wire *frame, enum wire_kind kind, uint32_t id)
{
    frame->length = frame->at = 0;
    frame->failed = false;
    wire_put(frame, 0, LENGTH_BYTES);
    wire_put(frame, kind, 1);
    wire_put(frame, id, 4);
}

void wire_put(struct wire *frame, uint64_t value, size_t width)
{
    if (!wire_grow(frame, frame->length + width)) return;
    for (size_t i = 0; i < width; i++) frame->bytes[frame->length++] = (uint8_t)(value >> (8 * i));
}

void wire_bytes(struct wire *frame, const void *bytes, size_t count)
{
    if (count == 0 || !wire_grow(frame, frame->length + count)) return;
    memcpy(frame->bytes + frame->length, bytes, count);
    frame->length += count;
}

void wire_text(struct wire *frame, const char *text, size_t longest)
{
    size_t count = strnlen(text, longest);
    wire_put(frame, count, 1);
    wire_bytes(frame, text, count);
}

const uint8_t *wire_take(struct wire *frame, size_t count)
{
    static const uint8_t nothing[1];
    if (frame->failed || count > frame->length - frame->at) {
        frame->failed = true;
        return NULL;
    }
    const uint8_t *taken = count == 0 ? nothing : frame->bytes + frame->at;
    frame->at += count;
    return taken;
}

uint64_t wire_get(struct wire *frame, size_t width)
{
    const uint8_t *bytes = wire_take(frame, width);
    uint64_t value = 0;
    for (size_t i = 0; bytes != NULL && i < width; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

void wire_free(struct wire *frame)
{
    free(frame->bytes);
    memset(frame, 0, sizeof *frame);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Waits until the socket is ready or the deadline has passed; a deadline of -1 never passes. */
static int wait_for(int connection, short events, int64_t deadline)
{
    for (;;) {
        int left = -1;
        if (deadline >= 0) {
            int64_t rest = (deadline - now_ns()) / 1000000;
            if (rest <= 0) return -ETIMEDOUT;
            left = (int)rest;
        }
        struct pollfd ready = { .fd = connection, .events = events };
        int got = poll(&ready, 1, left);
        if (got > 0) return 0;
        if (got < 0 && errno != EINTR) return -errno;
    }
}

int wire_send(int connection, struct wire *frame)
{
    if (frame->failed) return -ENOMEM;
    size_t length = frame->length - LENGTH_BYTES;
    for (size_t i = 0; i < LENGTH_BYTES; i++) frame->bytes[i] = (uint8_t)(length >> (8 * i));
    int64_t deadline = now_ns() + (int64_t)PATIENCE_MS * 1000000;
    for (size_t sent = 0; sent < frame->length;) {
        ssize_t count = send(connection, frame->bytes + sent, frame->length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            sent += (size_t)count;
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return -errno;
        int result = wait_for(connection, POLLOUT, deadline);
        if (result < 0) return result;
    }
    return 0;
}

static int fill(int connection, uint8_t *target, size_t count, int64_t deadline)
{
    while (count > 0) {
        int result = wait_for(connection, POLLIN, deadline);
        if (result < 0) return result;
        ssize_t got = recv(connection, target, count, 0);
        if (got == 0) return -ECONNRESET;
        if (got < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        target += got;
        count -= (size_t)got;
    }
    return 0;
}

int wire_receive(int connection, struct wire *frame, bool wait)
{
    uint8_t head[LENGTH_BYTES];
    int64_t patience = now_ns() + (int64_t)PATIENCE_MS * 1000000;
    int result = fill(connection, head, sizeof head, wait ? -1 : patience);
    if (result < 0) return result;
    uint32_t length = (uint32_t)head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
    frame->length = frame->at = 0;
    frame->failed = false;
    if (length < HEAD_BYTES || length > LONGEST_FRAME) return -EPROTO;
    if (!wire_grow(frame, length)) return -ENOMEM;
    result = fill(connection, frame->bytes, length, now_ns() + (int64_t)PATIENCE_MS * 1000000);
    if (result == 0) frame->length = length;
    return result;
}

/* Answers the errno that the chip's side met, as a negative number; the answer then stands at its result. A link that fails is -EPIPE. */
int wire_exchange(int connection, struct wire *request, struct wire *answer)
{
    if (request->failed) return -ENOMEM;
    uint8_t kind = request->bytes[LENGTH_BYTES];
    uint32_t id;
    memcpy(&id, request->bytes + LENGTH_BYTES + 1, sizeof id);
    if (wire_send(connection, request) < 0 || wire_receive(connection, answer, false) < 0) return -EPIPE;
    uint8_t got_kind = (uint8_t)wire_get(answer, 1);
    uint32_t got_id;
    memcpy(&got_id, answer->bytes + 1, sizeof got_id);
    (void)wire_get(answer, 4);
    int error = (int)(int32_t)wire_get(answer, 4);
    if (answer->failed || got_kind != (kind | ANSWER) || got_id != id) return -EPIPE;
    return error == 0 ? 0 : -(error > 0 && error < 4096 ? error : EIO);
}

static int dial_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) return -errno;
    if (connect(connection, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        real_close(connection);
        return -error;
    }
    return connection;
}

static int dial_tcp(const char *place)
{
    char host[256];
    const char *colon = strrchr(place, ':');
    if (colon == NULL || (size_t)(colon - place) >= sizeof host) return -EINVAL;
    bool bracketed = place[0] == '[' && colon > place + 2 && colon[-1] == ']';
    size_t length = (size_t)(colon - place) - (bracketed ? 2 : 0);
    memcpy(host, place + (bracketed ? 1 : 0), length);
    host[length] = '\0';
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    if (getaddrinfo(host, colon + 1, &wanted, &found) != 0) return -EHOSTUNREACH;
    int connection = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = connection < 0 ? -errno : 0;
    if (result == 0 && connect(connection, found->ai_addr, found->ai_addrlen) < 0) result = -errno;
    freeaddrinfo(found);
    if (result < 0) {
        if (connection >= 0) real_close(connection);
        return result;
    }
    int on = 1;
    (void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection;
}

static void read_board(struct wire *answer, struct wire_board *board)
{
    memset(board, 0, sizeof *board);
    (void)wire_get(answer, 8); /* session */
    board->offset_ns = now_ns() - (int64_t)wire_get(answer, 8);
    size_t count = (size_t)wire_get(answer, 1);
    for (size_t i = 0; i < count; i++) {
        uint16_t bus = (uint16_t)wire_get(answer, 2);
        if (board->i2c_count < sizeof board->i2c / sizeof *board->i2c) board->i2c[board->i2c_count++] = bus;
    }
    count = (size_t)wire_get(answer, 1);
    for (size_t i = 0; i < count; i++) {
        uint16_t bus = (uint16_t)wire_get(answer, 2);
        uint8_t selects = (uint8_t)wire_get(answer, 1);
        if (board->spi_count < sizeof board->spi / sizeof *board->spi) {
            board->spi[board->spi_count].bus = bus;
            board->spi[board->spi_count++].selects = selects;
        }
    }
    board->lines = (uint32_t)wire_get(answer, 2);
    if (board->lines > LINES_MAX) board->lines = LINES_MAX;
    size_t length = (size_t)wire_get(answer, 1);
    const uint8_t *label = wire_take(answer, length);
    if (label != NULL) memcpy(board->label, label, length < sizeof board->label - 1 ? length : sizeof board->label - 1);
}

int wire_connect(struct wire_board *board)
{
    const char *place = getenv("SENSORNODE_BUS");
    if (place == NULL || *place == '\0') return -ENXIO;
    int connection = -EINVAL;
    if (strncmp(place, "unix:", 5) == 0) connection = dial_unix(place + 5);
    if (strncmp(place, "tcp:", 4) == 0) connection = dial_tcp(place + 4);
    if (connection < 0) return connection;
    connection = real_dup_high(connection);
    struct wire request = { 0 }, answer = { 0 };
    wire_begin(&request, WIRE_HELLO, 0);
    wire_bytes(&request, "SNRB", 4);
    wire_put(&request, VERSION, 2);
    int result = wire_exchange(connection, &request, &answer);
    if (result == 0 && wire_get(&answer, 2) != VERSION) result = -EPROTONOSUPPORT;
    if (result == 0) read_board(&answer, board);
    if (result == 0 && answer.failed) result = -EPROTO;
    wire_free(&request);
    wire_free(&answer);
    if (result == 0) return connection;
    real_close(connection);
    return result;
}
