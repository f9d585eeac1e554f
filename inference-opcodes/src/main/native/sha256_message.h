/* A message of a prefix byte and data, cut into padded blocks of 64 bytes. */
#include "engram.h"

static inline int64_t blocks_of_message(int64_t length) { return (length + 1 + 9 + 63) / 64; }

/* Block `index`, either inside the data or put together in `space`; `flip` is what the reader will xor with. */
static inline const uint8_t *message_block(uint8_t prefix, const uint8_t *data, int64_t length, int64_t index,
                                           uint8_t flip, uint8_t *space) {
    int64_t begin = index * 64 - 1;
    if (index > 0 && begin + 64 <= length) {
        return data + begin;
    }
    int64_t from = begin < 0 ? 0 : begin;
    int64_t to = begin + 64 < length ? begin + 64 : length;
    memset(space, flip, 64);
    if (begin < 0) {
        space[0] = prefix ^ flip;
    }
    if (from < to) {
        memcpy(space + (from - begin), data + from, (size_t) (to - from));
    }
    if (length >= begin && length < begin + 64) {
        space[length - begin] = 0x80 ^ flip;
    }
    if (index == blocks_of_message(length) - 1) {
        uint64_t bits = (uint64_t) (length + 1) * 8;
        for (int i = 0; i < 8; i++) {
            space[63 - i] = (uint8_t) (bits >> (8 * i)) ^ flip;
        }
    }
    return space;
}
