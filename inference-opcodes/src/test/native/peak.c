/*
 * What one thread of this processor can multiply and add at most: loops over registers alone, 16 sums each, so that no
 * latency counts. In thousands of millions of multiply-accumulates a second; the ceilings of docs/benchmarks.md.
 * Needs AVX512-VNNI: cc -O2 peak.c -o peak && ./peak
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>

enum { LOOPS = 4000000, SUMS = 16, TRIES = 7 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

#define ONE(op, i) op " %%zmm30, %%zmm31, %%zmm" #i "\n"
#define ALL(op)                                                                                                        \
    ONE(op, 0) ONE(op, 1) ONE(op, 2) ONE(op, 3) ONE(op, 4) ONE(op, 5) ONE(op, 6) ONE(op, 7)                            \
    ONE(op, 8) ONE(op, 9) ONE(op, 10) ONE(op, 11) ONE(op, 12) ONE(op, 13) ONE(op, 14) ONE(op, 15)

#define MEASURE(name, op, lanes)                                                                                       \
    do {                                                                                                               \
        double best = 1e18;                                                                                            \
        for (int i = 0; i < TRIES; i++) {                                                                              \
            long left = LOOPS;                                                                                         \
            double begun = now();                                                                                      \
            __asm__ volatile("1:\n" ALL(op) "dec %0\njnz 1b"                                                           \
                             : "+r"(left)                                                                              \
                             :                                                                                         \
                             : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",   \
                               "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");                                  \
            double nanos = now() - begun;                                                                              \
            best = nanos < best ? nanos : best;                                                                        \
        }                                                                                                              \
        printf("%-28s %7.1f GMAC/s\n", name, (double) LOOPS * SUMS * (lanes) / best);                                  \
    } while (0)

int main(void) {
    MEASURE("u8 by s8, vpdpbusd zmm", "vpdpbusd", 64);
    MEASURE("float, vfmadd231ps zmm", "vfmadd231ps", 16);
    return 0;
}
