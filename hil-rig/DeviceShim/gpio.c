/* /dev/gpiochip0 and the lines requested from it: both GPIO interfaces, the first one in terms of the second. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>

#define EDGES (GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)
#define DIRECTIONS (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)
#define DRIVES (GPIO_V2_LINE_FLAG_OPEN_DRAIN | GPIO_V2_LINE_FLAG_OPEN_SOURCE)
#define BIASES (GPIO_V2_LINE_FLAG_BIAS_PULL_UP | GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN | GPIO_V2_LINE_FLAG_BIAS_DISABLED)
#define KNOWN (GPIO_V2_LINE_FLAG_ACTIVE_LOW | DIRECTIONS | EDGES | DRIVES | BIASES | GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME)

enum { MODE_INPUT = 0, MODE_OUTPUT = 1, MODE_PULL_DOWN = 2, MODE_PULL_UP = 3, MODE_AS_IS = 4, NO_LEVEL = 2 };

static bool has_both(uint64_t flags, uint64_t pair) { return (flags & pair) == pair; }

/* The kernel's rules for the flags of a line. */
static int check_flags(uint64_t flags)
{
    uint64_t biases = flags & BIASES;
    if ((flags & ~(uint64_t)KNOWN) != 0 || has_both(flags, DIRECTIONS) || has_both(flags, DRIVES)) return -EINVAL;
    if ((flags & EDGES) != 0 && (flags & GPIO_V2_LINE_FLAG_INPUT) == 0) return -EINVAL;
    if ((flags & DRIVES) != 0 && (flags & GPIO_V2_LINE_FLAG_OUTPUT) == 0) return -EINVAL;
    if (biases != 0 && (flags & DIRECTIONS) == 0) return -EINVAL;
    return (biases & (biases - 1)) != 0 ? -EINVAL : 0;
}

static bool level_of(const struct line *line) { return line->value != ((line->flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW) != 0); }

static uint8_t input_mode(uint64_t flags)
{
    if ((flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP) != 0) return MODE_PULL_UP;
    return (flags & GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN) != 0 ? MODE_PULL_DOWN : MODE_INPUT;
}

/* An open drain drives low and lets go for high; an open source the other way round. */
static uint8_t mode_of(const struct line *line)
{
    bool high = level_of(line);
    if ((line->flags & GPIO_V2_LINE_FLAG_INPUT) != 0) return input_mode(line->flags);
    if ((line->flags & GPIO_V2_LINE_FLAG_OUTPUT) == 0) return MODE_AS_IS;
    if ((line->flags & GPIO_V2_LINE_FLAG_OPEN_DRAIN) != 0 && high) return input_mode(line->flags);
    if ((line->flags & GPIO_V2_LINE_FLAG_OPEN_SOURCE) != 0 && !high) return input_mode(line->flags);
    return MODE_OUTPUT;
}

static void put_request(struct wire *request, struct node *node, const struct line *line)
{
    uint8_t mode = mode_of(line);
    wire_begin(request, WIRE_LINE_REQUEST, ++node->next_id);
    wire_put(request, line->offset, 2);
    wire_put(request, mode, 1);
    wire_put(request, mode == MODE_OUTPUT ? level_of(line) : NO_LEVEL, 1);
    wire_put(request, line->flags & 0xFFFFFFFF, 4);
    wire_text(request, node->consumer, sizeof node->consumer - 1);
}

static int request_line(struct node *node, const struct line *line)
{
    struct wire request = { 0 }, answer = { 0 };
    put_request(&request, node, line);
    int result = node_exchange(node, &request, &answer);
    wire_free(&request);
    wire_free(&answer);
    return result;
}

int lines_restore(struct node *node)
{
    struct wire request = { 0 }, answer = { 0 };
    int result = 0;
    for (uint32_t i = 0; result == 0 && i < node->line_count; i++) {
        put_request(&request, node, &node->lines[i]);
        result = wire_exchange(node->connection, &request, &answer);
    }
    wire_free(&request);
    wire_free(&answer);
    return result;
}

static bool wants_edges(const struct node *node)
{
    for (uint32_t i = 0; i < node->line_count; i++) if ((node->lines[i].flags & EDGES) != 0) return true;
    return false;
}

size_t lines_event_size(const struct node *node)
{
    if (node->kind == NODE_LINES) return node->first_abi ? sizeof(struct gpioevent_data) : sizeof(struct gpio_v2_line_event);
    return node->first_abi ? sizeof(struct gpioline_info_changed) : sizeof(struct gpio_v2_line_info_changed);
}

/* Makes the program's descriptor for lines that are described in the prototype. */
static int make_lines(const struct node *prototype)
{
    struct node *node;
    struct wire_board board;
    int fd = node_create(NODE_LINES, O_CLOEXEC, &node);
    if (fd < 0) return fd;
    int result = wire_connect(&board);
    node->connection = result < 0 ? -1 : result;
    node->first_abi = prototype->first_abi;
    memcpy(node->consumer, prototype->consumer, sizeof node->consumer);
    for (uint32_t i = 0; result >= 0 && i < prototype->line_count; i++) {
        node->lines[i] = prototype->lines[i];
        result = request_line(node, &node->lines[i]);
        node->line_count = i + 1;
    }
    if (result >= 0 && wants_edges(node)) result = pump_start(node);
    node_put(node);
    if (result >= 0) return fd;
    node_close(fd);
    return result;
}

/* ---- the second interface ---- */

/* Applies a configuration to the lines; what is not named keeps its value. */
static int configure(struct node *node, const struct gpio_v2_line_config *config)
{
    if (config->num_attrs > GPIO_V2_LINE_NUM_ATTRS_MAX) return -EINVAL;
    for (uint32_t i = 0; i < node->line_count; i++) {
        struct line *line = &node->lines[i];
        line->flags = config->flags;
        line->debounce_us = 0;
        for (uint32_t k = config->num_attrs; k-- > 0;) { /* the first that names a line counts */
            const struct gpio_v2_line_config_attribute *one = &config->attrs[k];
            if ((one->mask >> i & 1) == 0) continue;
            if (one->attr.id == GPIO_V2_LINE_ATTR_ID_FLAGS) line->flags = one->attr.flags;
            else if (one->attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES) line->value = (one->attr.values >> i & 1) != 0;
            else if (one->attr.id == GPIO_V2_LINE_ATTR_ID_DEBOUNCE) line->debounce_us = one->attr.debounce_period_us;
            else return -EINVAL;
        }
        int result = check_flags(line->flags);
        if (result < 0) return result;
    }
    return 0;
}

static int add_offsets(struct node *node, const uint32_t *offsets, uint32_t count, const char *consumer)
{
    struct wire_board board;
    if (count == 0 || count > LINES_MAX || !board_get(&board)) return -EINVAL;
    for (uint32_t i = 0; i < count; i++) {
        if (offsets[i] >= board.lines) return -EINVAL;
        node->lines[i].offset = offsets[i];
    }
    node->line_count = count;
    snprintf(node->consumer, sizeof node->consumer, "%.31s", consumer);
    return 0;
}

static long request_second(struct gpio_v2_line_request *request)
{
    struct node prototype = { .kind = NODE_LINES };
    int result = add_offsets(&prototype, request->offsets, request->num_lines, request->consumer);
    if (result == 0) result = configure(&prototype, &request->config);
    if (result == 0) result = make_lines(&prototype);
    if (result < 0) return result;
    request->fd = result;
    return 0;
}

static long reconfigure(struct node *node, const struct gpio_v2_line_config *config)
{
    struct node changed = { .line_count = node->line_count };
    memcpy(changed.lines, node->lines, sizeof changed.lines);
    int result = configure(&changed, config);
    for (uint32_t i = 0; result == 0 && i < node->line_count; i++) {
        if ((changed.lines[i].flags & DIRECTIONS) == 0) result = -EINVAL; /* direction must be set to change it */
        if (result == 0) result = request_line(node, &changed.lines[i]);
        if (result == 0) node->lines[i] = changed.lines[i];
    }
    if (result == 0 && wants_edges(node) && !node->has_pump) result = pump_start(node);
    return result;
}

static long get_values(struct node *node, struct gpio_v2_line_values *values)
{
    struct wire request = { 0 }, answer = { 0 };
    uint32_t count = 0;
    wire_begin(&request, WIRE_LINE_READ, ++node->next_id);
    for (uint32_t i = 0; i < node->line_count; i++) count += values->mask >> i & 1;
    if (count == 0) {
        wire_free(&request);
        return -EINVAL;
    }
    wire_put(&request, count, 1);
    for (uint32_t i = 0; i < node->line_count; i++) if ((values->mask >> i & 1) != 0) wire_put(&request, node->lines[i].offset, 2);
    int result = node_exchange(node, &request, &answer);
    values->bits = 0;
    for (uint32_t i = 0; result == 0 && i < node->line_count; i++) {
        if ((values->mask >> i & 1) == 0) continue;
        bool low = (node->lines[i].flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW) != 0;
        if ((wire_get(&answer, 1) != 0) != low) values->bits |= 1ull << i;
    }
    if (answer.failed) result = -EIO;
    wire_free(&request);
    wire_free(&answer);
    return result;
}

static long set_values(struct node *node, const struct gpio_v2_line_values *values)
{
    struct wire request = { 0 }, answer = { 0 };
    uint32_t plain = 0, all = 0;
    long result = 0;
    for (uint32_t i = 0; i < node->line_count; i++) {
        if ((values->mask >> i & 1) == 0) continue;
        if ((node->lines[i].flags & GPIO_V2_LINE_FLAG_OUTPUT) == 0) return -EPERM;
        node->lines[i].value = (values->bits >> i & 1) != 0;
        plain += (node->lines[i].flags & DRIVES) == 0;
        all++;
    }
    if (all == 0) return -EINVAL;
    if (plain > 0) {
        wire_begin(&request, WIRE_LINE_WRITE, ++node->next_id);
        wire_put(&request, plain, 1);
        for (uint32_t i = 0; i < node->line_count; i++) {
            if ((values->mask >> i & 1) == 0 || (node->lines[i].flags & DRIVES) != 0) continue;
            wire_put(&request, node->lines[i].offset, 2);
            wire_put(&request, level_of(&node->lines[i]), 1);
        }
        result = node_exchange(node, &request, &answer);
    }
    for (uint32_t i = 0; result == 0 && i < node->line_count; i++) {
        if ((values->mask >> i & 1) != 0 && (node->lines[i].flags & DRIVES) != 0) result = request_line(node, &node->lines[i]);
    }
    wire_free(&request);
    wire_free(&answer);
    return result;
}

/* ---- the first interface ---- */

static uint64_t flags_from_first(uint32_t flags)
{
    uint64_t second = 0;
    if ((flags & GPIOHANDLE_REQUEST_INPUT) != 0) second |= GPIO_V2_LINE_FLAG_INPUT;
    if ((flags & GPIOHANDLE_REQUEST_OUTPUT) != 0) second |= GPIO_V2_LINE_FLAG_OUTPUT;
    if ((flags & GPIOHANDLE_REQUEST_ACTIVE_LOW) != 0) second |= GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    if ((flags & GPIOHANDLE_REQUEST_OPEN_DRAIN) != 0) second |= GPIO_V2_LINE_FLAG_OPEN_DRAIN;
    if ((flags & GPIOHANDLE_REQUEST_OPEN_SOURCE) != 0) second |= GPIO_V2_LINE_FLAG_OPEN_SOURCE;
    if ((flags & GPIOHANDLE_REQUEST_BIAS_PULL_UP) != 0) second |= GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
    if ((flags & GPIOHANDLE_REQUEST_BIAS_PULL_DOWN) != 0) second |= GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN;
    if ((flags & GPIOHANDLE_REQUEST_BIAS_DISABLE) != 0) second |= GPIO_V2_LINE_FLAG_BIAS_DISABLED;
    return second;
}

static void configure_first(struct node *node, uint32_t flags, const uint8_t *values)
{
    for (uint32_t i = 0; i < node->line_count; i++) {
        node->lines[i].flags = flags_from_first(flags);
        if ((flags & GPIOHANDLE_REQUEST_OUTPUT) != 0) node->lines[i].value = values[i] != 0;
    }
}

static long request_first(struct gpiohandle_request *request)
{
    struct node prototype = { .kind = NODE_LINES, .first_abi = true };
    int result = add_offsets(&prototype, request->lineoffsets, request->lines, request->consumer_label);
    if (result == 0) {
        configure_first(&prototype, request->flags, request->default_values);
        result = check_flags(prototype.lines[0].flags);
    }
    if (result == 0) result = make_lines(&prototype);
    if (result < 0) return result;
    request->fd = result;
    return 0;
}

static long request_event(struct gpioevent_request *request)
{
    struct node prototype = { .kind = NODE_LINES, .first_abi = true };
    int result = add_offsets(&prototype, &request->lineoffset, 1, request->consumer_label);
    if ((request->eventflags & GPIOEVENT_REQUEST_BOTH_EDGES) == 0 || (request->handleflags & GPIOHANDLE_REQUEST_OUTPUT) != 0) return -EINVAL;
    uint64_t flags = flags_from_first(request->handleflags) | GPIO_V2_LINE_FLAG_INPUT;
    if ((request->eventflags & GPIOEVENT_REQUEST_RISING_EDGE) != 0) flags |= GPIO_V2_LINE_FLAG_EDGE_RISING;
    if ((request->eventflags & GPIOEVENT_REQUEST_FALLING_EDGE) != 0) flags |= GPIO_V2_LINE_FLAG_EDGE_FALLING;
    prototype.lines[0].flags = flags;
    if (result == 0) result = check_flags(flags);
    if (result == 0) result = make_lines(&prototype);
    if (result < 0) return result;
    request->fd = result;
    return 0;
}

static uint64_t all_of(const struct node *node) { return node->line_count == 64 ? ~0ull : (1ull << node->line_count) - 1; }

static long get_first(struct node *node, struct gpiohandle_data *data)
{
    struct gpio_v2_line_values values = { .mask = all_of(node) };
    long result = get_values(node, &values);
    memset(data, 0, sizeof *data);
    for (uint32_t i = 0; i < node->line_count; i++) data->values[i] = values.bits >> i & 1;
    return result;
}

static long set_first(struct node *node, const struct gpiohandle_data *data)
{
    struct gpio_v2_line_values values = { .mask = all_of(node) };
    for (uint32_t i = 0; i < node->line_count; i++) values.bits |= (uint64_t)(data->values[i] != 0) << i;
    return set_values(node, &values);
}

static long reconfigure_first(struct node *node, const struct gpiohandle_config *config)
{
    configure_first(node, config->flags, config->default_values);
    long result = check_flags(node->lines[0].flags);
    for (uint32_t i = 0; result == 0 && i < node->line_count; i++) result = request_line(node, &node->lines[i]);
    return result;
}

/* ---- what programs call ---- */

long lines_ioctl(struct node *node, unsigned long request, void *argument)
{
    if (argument == NULL) return -EFAULT;
    switch (request) {
    case GPIO_V2_LINE_GET_VALUES_IOCTL: return get_values(node, argument);
    case GPIO_V2_LINE_SET_VALUES_IOCTL: return set_values(node, argument);
    case GPIO_V2_LINE_SET_CONFIG_IOCTL: return reconfigure(node, argument);
    case GPIOHANDLE_GET_LINE_VALUES_IOCTL: return get_first(node, argument);
    case GPIOHANDLE_SET_LINE_VALUES_IOCTL: return set_first(node, argument);
    case GPIOHANDLE_SET_CONFIG_IOCTL: return reconfigure_first(node, argument);
    default: return -ENOTTY;
    }
}

static long chip_info(struct gpiochip_info *info)
{
    struct wire_board board;
    if (!board_get(&board)) return -ENODEV;
    memset(info, 0, sizeof *info);
    snprintf(info->name, sizeof info->name, "gpiochip0");
    snprintf(info->label, sizeof info->label, "%.31s", board.label);
    info->lines = board.lines;
    return 0;
}

static long watch(struct node *node, uint32_t offset, bool first_abi)
{
    if (offset >= LINES_MAX) return -EINVAL;
    if ((node->watched >> offset & 1) != 0) return -EBUSY;
    if (node->watched != 0 && node->first_abi != first_abi) return -EPERM;
    node->first_abi = first_abi;
    int result = node->has_pump ? 0 : pump_start(node);
    if (result == 0) node->watched |= 1ull << offset;
    return result;
}

static long unwatch(struct node *node, uint32_t offset)
{
    if (offset >= LINES_MAX || (node->watched >> offset & 1) == 0) return -EBUSY;
    node->watched &= ~(1ull << offset);
    return 0;
}

static long info_second(struct node *node, struct gpio_v2_line_info *info, bool watched)
{
    long result = info_read(node, info->offset, info);
    return result == 0 && watched ? watch(node, info->offset, false) : result;
}

static long info_first(struct node *node, struct gpioline_info *old, bool watched)
{
    struct gpio_v2_line_info info;
    uint32_t offset = old->line_offset;
    long result = info_read(node, offset, &info);
    if (result == 0) info_to_first(&info, old);
    return result == 0 && watched ? watch(node, offset, true) : result;
}

long chip_ioctl(struct node *node, unsigned long request, void *argument)
{
    if (argument == NULL) return -EFAULT;
    switch (request) {
    case GPIO_GET_CHIPINFO_IOCTL: return chip_info(argument);
    case GPIO_V2_GET_LINEINFO_IOCTL: return info_second(node, argument, false);
    case GPIO_V2_GET_LINEINFO_WATCH_IOCTL: return info_second(node, argument, true);
    case GPIO_GET_LINEINFO_IOCTL: return info_first(node, argument, false);
    case GPIO_GET_LINEINFO_WATCH_IOCTL: return info_first(node, argument, true);
    case GPIO_GET_LINEINFO_UNWATCH_IOCTL: return unwatch(node, *(uint32_t *)argument);
    case GPIO_V2_GET_LINE_IOCTL: return request_second(argument);
    case GPIO_GET_LINEHANDLE_IOCTL: return request_first(argument);
    case GPIO_GET_LINEEVENT_IOCTL: return request_event(argument);
    default: return -ENOTTY;
    }
}
