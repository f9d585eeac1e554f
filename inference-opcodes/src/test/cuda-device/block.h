// A block of threads at work.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "memory.h"
#include "program.h"

namespace device {

struct Thread {
    uint64_t *registers;
    Block *block;
    uint32_t pc;
    uint32_t index;
    Outcome state;
    // The blocks of memory used last, looked at first.
    Allocation *recent[2];

    template <class T>
    T get(uint16_t slot) const {
        return (T) registers[slot];
    }
    template <class T>
    void set(uint16_t slot, T value) {
        registers[slot] = (uint64_t) value;
    }
};

// In which order blocks run, and threads between two barriers.
struct Order {
    enum Kind { FORWARD, REVERSED, SHUFFLED };
    Kind kind = FORWARD;
    uint64_t seed = 0;

    static Order of(uint64_t seed) {
        return {seed == 0 ? FORWARD : seed == 1 ? REVERSED : SHUFFLED, seed};
    }
    std::vector<uint32_t> permutation(uint32_t count, uint64_t salt) const;
};

struct Launch {
    const Program *program;
    const Kernel *kernel;
    std::vector<uint8_t> parameters;
    uint32_t blocks;
    uint32_t threads;
    Order order;
    uint64_t maxInstructions;
};

class Block {
public:
    Block(const Launch &launch, Memory &memory);

    // Runs block `index` to its end. Faults as the hardware would, or where the hardware would not say anything.
    void run(uint32_t index);

    uint64_t executed = 0;
    uint64_t lastStore = 0;  // address

    // Bytes of each state space, checked.
    const uint8_t *global(Thread &thread, uint64_t address, uint32_t size);
    uint8_t *globalToWrite(Thread &thread, uint64_t address, uint32_t size);
    uint8_t *shared(Thread &thread, uint64_t address, uint32_t size, bool write);
    const uint8_t *parameter(uint64_t address, uint32_t size) const;
    const uint8_t *constant(uint64_t address, uint32_t size) const;
    void count();

private:
    // Who used a word of shared memory last since the last barrier.
    struct Use {
        uint32_t epoch = 0;
        int32_t writer = -1;
        int32_t reader = -1;
        bool manyReaders = false;
    };

    Allocation &found(Thread &thread, uint64_t address, uint32_t size);
    void start(uint32_t index);
    void advance(Thread &thread);
    bool together(uint32_t firstThread);
    bool release();
    [[noreturn]] void fail(const Thread &thread, int code, const std::string &what) const;

    const Launch &launch;
    Memory &memory;
    std::vector<uint64_t> registers;
    std::vector<Thread> threads;
    std::vector<uint8_t> sharedBytes;
    std::vector<uint8_t> sharedWritten;
    std::vector<Use> uses;
    uint32_t epoch = 0;
    uint32_t number = 0;
};

}  // namespace device
