/* Edges and changes of lines, from a connection of their own to the program's descriptor, by a thread for each. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/gpio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 2000

struct pump {
    struct node *node;
    int connection;
    int64_t offset_ns;
    bool begun;
    uint64_t last[LINES_MAX]; /* the number of each line's last edge, by which missed ones show */
    struct { bool waits; bool level, told; int64_t due_ns, stamp_ns; } debounce[LINES_MAX];
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* As in the kernel, an event for which there is no room is lost, and its number shows it. */
static void tell(const struct node *node, const void *event, size_t size) { (void)send(node->peer, event, size, MSG_DONTWAIT | MSG_NOSIGNAL); }

static void tell_edge(struct node *node, uint32_t i, bool level, int64_t stamp_ns)
{
    const struct line *line = &node->lines[i];
    bool active = level != ((line->flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW) != 0);
    if ((line->flags & (active ? GPIO_V2_LINE_FLAG_EDGE_RISING : GPIO_V2_LINE_FLAG_EDGE_FALLING)) == 0) return;
    if ((line->flags & GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME) != 0) stamp_ns += clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    if (node->first_abi) {
        struct gpioevent_data event;
        memset(&event, 0, sizeof event);
        event.timestamp = (uint64_t)stamp_ns;
        event.id = active ? GPIOEVENT_EVENT_RISING_EDGE : GPIOEVENT_EVENT_FALLING_EDGE;
        tell(node, &event, sizeof event);
        return;
    }
    struct gpio_v2_line_event event;
    memset(&event, 0, sizeof event);
    event.timestamp_ns = (uint64_t)stamp_ns;
    event.id = active ? GPIO_V2_LINE_EVENT_RISING_EDGE : GPIO_V2_LINE_EVENT_FALLING_EDGE;
    event.offset = line->offset;
    event.seqno = ++node->seqno;
    event.line_seqno = ++node->line_seqno[i];
    tell(node, &event, sizeof event);
}

/* Edges that nobody told leave a gap in the numbers, as those do that the kernel's buffer has no room for. */
static void skip_missed(struct pump *pump, uint32_t i, uint64_t number)
{
    uint32_t missed = pump->begun && number > pump->last[i] ? (uint32_t)(number - pump->last[i]) : 0;
    pump->node->seqno += missed;
    pump->node->line_seqno[i] += missed;
}

static void take_edge(struct pump *pump, struct wire *frame)
{
    struct node *node = pump->node;
    uint32_t offset = (uint32_t)wire_get(frame, 2);
    bool level = wire_get(frame, 1) != 0;
    uint64_t number = wire_get(frame, 8);
    (void)wire_get(frame, 8); /* the number among the edges of all lines */
    int64_t stamp = (int64_t)wire_get(frame, 8) + pump->offset_ns;
    for (uint32_t i = 0; !frame->failed && i < node->line_count; i++) {
        if (node->lines[i].offset != offset) continue;
        skip_missed(pump, i, number - 1);
        pump->last[i] = number;
        if (node->lines[i].debounce_us == 0) {
            tell_edge(node, i, level, stamp);
            continue;
        }
        if (!pump->debounce[i].waits) pump->debounce[i].told = !level;
        pump->debounce[i].waits = true;
        pump->debounce[i].level = level;
        pump->debounce[i].stamp_ns = stamp;
        pump->debounce[i].due_ns = clock_ns(CLOCK_MONOTONIC) + (int64_t)node->lines[i].debounce_us * 1000;
    }
}

/* Levels that have been quiet long enough are told; answers how long until the next one, or -1. */
static int settle(struct pump *pump)
{
    int64_t now = clock_ns(CLOCK_MONOTONIC), next = -1;
    for (uint32_t i = 0; i < pump->node->line_count; i++) {
        if (!pump->debounce[i].waits) continue;
        int64_t left = pump->debounce[i].due_ns - now;
        if (left <= 0) {
            pump->debounce[i].waits = false;
            if (pump->debounce[i].level != pump->debounce[i].told) tell_edge(pump->node, i, pump->debounce[i].level, pump->debounce[i].stamp_ns);
        } else if (next < 0 || left < next) {
            next = left;
        }
    }
    return next < 0 ? -1 : (int)(next / 1000000) + 1;
}

static void take_change(struct pump *pump, struct wire *frame)
{
    struct node *node = pump->node;
    uint32_t offset = (uint32_t)wire_get(frame, 2);
    uint32_t kind = (uint32_t)wire_get(frame, 1);
    int64_t stamp = (int64_t)wire_get(frame, 8) + pump->offset_ns;
    struct gpio_v2_line_info_changed changed;
    memset(&changed, 0, sizeof changed);
    info_from_wire(frame, offset, &changed.info);
    changed.timestamp_ns = (uint64_t)stamp;
    changed.event_type = kind;
    if (frame->failed || offset >= LINES_MAX || (node->watched >> offset & 1) == 0) return;
    if (!node->first_abi) {
        tell(node, &changed, sizeof changed);
        return;
    }
    struct gpioline_info_changed old;
    memset(&old, 0, sizeof old);
    info_to_first(&changed.info, &old.info);
    old.timestamp = changed.timestamp_ns;
    old.event_type = kind;
    tell(node, &old, sizeof old);
}

/* Edges of lines that are watched already may come before the answer. */
static int ask(struct pump *pump, int connection, struct wire *request, uint64_t *number)
{
    struct wire frame = { 0 };
    int result = wire_send(connection, request);
    for (bool answered = false; result == 0 && !answered;) {
        result = wire_receive(connection, &frame, false);
        if (result < 0) break;
        unsigned kind = (unsigned)wire_get(&frame, 1);
        (void)wire_get(&frame, 4);
        answered = (kind & 0x80) != 0;
        if (kind == WIRE_EDGE) take_edge(pump, &frame);
        if (!answered) continue;
        if (wire_get(&frame, 4) != 0) result = -EIO;
        else if (number != NULL) *number = wire_get(&frame, 8);
    }
    wire_free(&frame);
    return result;
}

/* Everything that the node wants to hear, on a fresh connection. */
static int subscribe(struct pump *pump)
{
    struct node *node = pump->node;
    struct wire_board board;
    int connection = wire_connect(&board);
    if (connection < 0) return connection;
    pump->offset_ns = board.offset_ns;
    struct wire request = { 0 };
    int result = 0;
    if (node->kind == NODE_CHIP) {
        wire_begin(&request, WIRE_WATCH_LINES, 1);
        wire_put(&request, 1, 1);
        result = ask(pump, connection, &request, NULL);
    }
    for (uint32_t i = 0; node->kind == NODE_LINES && result == 0 && i < node->line_count; i++) {
        uint64_t number = 0;
        wire_begin(&request, WIRE_WATCH_EDGES, i + 1);
        wire_put(&request, node->lines[i].offset, 2);
        wire_put(&request, 1, 1);
        result = ask(pump, connection, &request, &number);
        if (result < 0) break;
        skip_missed(pump, i, number);
        pump->last[i] = number;
    }
    pump->begun = true;
    wire_free(&request);
    if (result == 0) return connection;
    real_close(connection);
    return result;
}

static int hear(struct pump *pump)
{
    struct wire frame = { 0 };
    struct pollfd ready = { .fd = pump->connection, .events = POLLIN };
    int result = poll(&ready, 1, settle(pump));
    if (result > 0) {
        result = wire_receive(pump->connection, &frame, true);
        unsigned kind = result == 0 ? (unsigned)wire_get(&frame, 1) : 0;
        (void)wire_get(&frame, 4);
        if (kind == WIRE_EDGE) take_edge(pump, &frame);
        if (kind == WIRE_LINE_CHANGED) take_change(pump, &frame);
    }
    wire_free(&frame);
    return result < 0 && result != -EINTR ? result : 0;
}

static bool is_over(struct node *node)
{
    pthread_mutex_lock(&node->lock);
    bool over = node->closing;
    pthread_mutex_unlock(&node->lock);
    return over;
}

/* A lost connection is made again with growing pauses, for as long as the program has the descriptor. */
static bool reconnect(struct pump *pump)
{
    struct node *node = pump->node;
    pthread_mutex_lock(&node->lock);
    node->pump_connection = -1;
    pthread_mutex_unlock(&node->lock);
    real_close(pump->connection);
    pump->connection = -1;
    int pause = FIRST_PAUSE_MS;
    while (!is_over(node)) {
        pump->connection = subscribe(pump);
        if (pump->connection >= 0) break;
        (void)poll(NULL, 0, pause);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
    if (pump->connection < 0) return false;
    pthread_mutex_lock(&node->lock);
    node->pump_connection = pump->connection;
    bool over = node->closing;
    pthread_mutex_unlock(&node->lock);
    return !over;
}

static void *run(void *argument)
{
    struct pump *pump = argument;
    bool going = true;
    while (going) going = !is_over(pump->node) && (hear(pump) == 0 || reconnect(pump));
    pthread_mutex_lock(&pump->node->lock);
    pump->node->pump_connection = -1;
    pthread_mutex_unlock(&pump->node->lock);
    if (pump->connection >= 0) real_close(pump->connection);
    node_put(pump->node);
    free(pump);
    return NULL;
}

/* When this has succeeded, every edge from now on is told. The thread holds the node until the program has closed it. */
int pump_start(struct node *node)
{
    struct pump *pump = calloc(1, sizeof *pump);
    if (pump == NULL) return -ENOMEM;
    pump->node = node;
    pump->connection = subscribe(pump);
    if (pump->connection < 0) {
        int result = pump->connection;
        free(pump);
        return result == -ENXIO ? -EIO : result;
    }
    sigset_t all, before;
    pthread_t thread;
    node_hold(node);
    pthread_mutex_lock(&node->lock);
    node->pump_connection = pump->connection;
    node->has_pump = true;
    pthread_mutex_unlock(&node->lock);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the program's signals are for its own threads */
    int error = pthread_create(&thread, NULL, run, pump);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) {
        pthread_detach(thread);
        return 0;
    }
    node->pump_connection = -1;
    node->has_pump = false;
    real_close(pump->connection);
    node_put(node);
    free(pump);
    return -error;
}
