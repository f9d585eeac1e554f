/*
 * Memory that another processor has read. Where two processors do not share a cache, writing a line that the other one has
 * read takes 11 ns, nearly one after another; a line that no cache holds comes from memory in 2 or 3, many at once. So
 * what is to be overwritten is first put out of all caches. It changes no values.
 */
#pragma GCC target("clflushopt")
#include <cpuid.h>
#include <immintrin.h>

#include "engram.h"

enum { LINE = 64 };

int can_evict(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 23 & 1);
}

void evict(const struct step *step, const struct memory *memory, struct part part) {
    const struct evict *evict = &step->evict;
    uint8_t *data = at(memory, evict->out);
    int64_t lines = (evict->bytes + LINE - 1) / LINE;
    for (int64_t i = part_begin(lines, part); i < part_end(lines, part); i++) {
        _mm_clflushopt(data + i * LINE);
    }
    /* A write that overtook its line's way out would still find the line where the other processor has it. */
    _mm_sfence();
}
