/*
 * On which processors the threads of a run are. A system that packs woken threads onto busy processors starts a helper
 * on that of the thread that it is to help, where each waits for the other, while another processor idles.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "engram.h"

void note_place(struct control *control) {
    __atomic_store_n(&control->place, sched_getcpu() + 1, __ATOMIC_RELAXED);
}

void leave_place(const struct control *control) {
    int64_t taken = __atomic_load_n(&control->place, __ATOMIC_RELAXED) - 1;
    cpu_set_t allowed, others;
    if (taken < 0 || taken >= CPU_SETSIZE || sched_getcpu() != taken || sched_getaffinity(0, sizeof allowed, &allowed)) {
        return;
    }
    others = allowed;
    CPU_CLR((int) taken, &others);
    /* The first call moves the thread at once; it stays there when all are allowed again. */
    if (CPU_COUNT(&others) > 0 && !sched_setaffinity(0, sizeof others, &others)) {
        sched_setaffinity(0, sizeof allowed, &allowed);
    }
}
