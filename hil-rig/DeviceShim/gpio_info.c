/* What programs are told about a line. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>

enum { MODE_OUTPUT = 1, MODE_PULL_DOWN = 2, MODE_PULL_UP = 3, HIGHEST_NAMED = 27 };

static void name_line(uint32_t offset, char *name, size_t room)
{
    if (offset == 0) snprintf(name, room, "ID_SDA");
    else if (offset == 1) snprintf(name, room, "ID_SCL");
    else if (offset <= HIGHEST_NAMED) snprintf(name, room, "GPIO%u", offset);
}

/* The body of a line's state: u8 mode, u8 taken, u32 note, text consumer. The note is the holder's flags of the second interface. */
void info_from_wire(struct wire *frame, uint32_t offset, struct gpio_v2_line_info *info)
{
    memset(info, 0, sizeof *info);
    info->offset = offset;
    name_line(offset, info->name, sizeof info->name);
    unsigned mode = (unsigned)wire_get(frame, 1);
    bool taken = wire_get(frame, 1) != 0;
    uint64_t note = wire_get(frame, 4);
    size_t length = (size_t)wire_get(frame, 1);
    const uint8_t *consumer = wire_take(frame, length);
    if (consumer != NULL) memcpy(info->consumer, consumer, length < sizeof info->consumer - 1 ? length : sizeof info->consumer - 1);
    info->flags = taken ? GPIO_V2_LINE_FLAG_USED | note : 0;
    if ((info->flags & (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)) != 0) return;
    info->flags |= mode == MODE_OUTPUT ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT;
    if (mode == MODE_PULL_UP) info->flags |= GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
    if (mode == MODE_PULL_DOWN) info->flags |= GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN;
}

int info_read(struct node *node, uint32_t offset, struct gpio_v2_line_info *info)
{
    struct wire_board board;
    if (!board_get(&board)) return -ENODEV;
    if (offset >= board.lines) return -EINVAL;
    struct wire request = { 0 }, answer = { 0 };
    wire_begin(&request, WIRE_LINE_STATE, ++node->next_id);
    wire_put(&request, offset, 2);
    int result = node_exchange(node, &request, &answer);
    if (result == 0) info_from_wire(&answer, offset, info);
    if (answer.failed) result = -EIO;
    wire_free(&request);
    wire_free(&answer);
    return result;
}

void info_to_first(const struct gpio_v2_line_info *info, struct gpioline_info *old)
{
    memset(old, 0, sizeof *old);
    old->line_offset = info->offset;
    memcpy(old->name, info->name, sizeof old->name);
    memcpy(old->consumer, info->consumer, sizeof old->consumer);
    if ((info->flags & GPIO_V2_LINE_FLAG_USED) != 0) old->flags |= GPIOLINE_FLAG_KERNEL;
    if ((info->flags & GPIO_V2_LINE_FLAG_OUTPUT) != 0) old->flags |= GPIOLINE_FLAG_IS_OUT;
    if ((info->flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW) != 0) old->flags |= GPIOLINE_FLAG_ACTIVE_LOW;
    if ((info->flags & GPIO_V2_LINE_FLAG_OPEN_DRAIN) != 0) old->flags |= GPIOLINE_FLAG_OPEN_DRAIN;
    if ((info->flags & GPIO_V2_LINE_FLAG_OPEN_SOURCE) != 0) old->flags |= GPIOLINE_FLAG_OPEN_SOURCE;
    if ((info->flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP) != 0) old->flags |= GPIOLINE_FLAG_BIAS_PULL_UP;
    if ((info->flags & GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN) != 0) old->flags |= GPIOLINE_FLAG_BIAS_PULL_DOWN;
    if ((info->flags & GPIO_V2_LINE_FLAG_BIAS_DISABLED) != 0) old->flags |= GPIOLINE_FLAG_BIAS_DISABLE;
}
