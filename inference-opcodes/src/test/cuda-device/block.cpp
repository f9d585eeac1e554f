#include "block.h"

#include <algorithm>
#include <numeric>

#include "fault.h"

namespace device {

std::vector<uint32_t> Order::permutation(uint32_t count, uint64_t salt) const {
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    if (kind == REVERSED) {
        std::reverse(order.begin(), order.end());
    } else if (kind == SHUFFLED) {
        std::mt19937_64 random(seed * 0x9e3779b97f4a7c15u + salt);
        std::shuffle(order.begin(), order.end(), random);
    }
    return order;
}

Block::Block(const Launch &launch, Memory &memory)
    : launch(launch),
      memory(memory),
      registers(launch.threads * launch.kernel->registers.size()),
      threads(launch.threads),
      sharedBytes(launch.kernel->sharedBytes),
      sharedWritten(launch.kernel->sharedBytes),
      uses(launch.kernel->sharedBytes / 4 + 1) {}

void Block::start(uint32_t index) {
    number = index;
    epoch++;
    const std::vector<uint64_t> &initial = launch.kernel->registers;
    for (uint32_t i = 0; i < launch.threads; i++) {
        Thread &t = threads[i];
        Allocation *recent[2] = {t.recent[0], t.recent[1]};
        t = {registers.data() + i * initial.size(), this, 0, i, NEXT, {recent[0], recent[1]}};
        std::copy(initial.begin(), initial.end(), t.registers);
        t.set<uint32_t>(TID_X, i);
        t.set<uint32_t>(NTID_X, launch.threads);
        t.set<uint32_t>(CTAID_X, index);
        t.set<uint32_t>(NCTAID_X, launch.blocks);
        t.set<uint32_t>(LANEID, i % 32);
    }
    std::fill(sharedWritten.begin(), sharedWritten.end(), 0);
}

void Block::run(uint32_t index) {
    start(index);
    for (uint64_t round = 0;; round++) {
        bool moved = false;
        for (uint32_t i : launch.order.permutation(launch.threads, index * 1000003ull + round)) {
            if (threads[i].state == NEXT) {
                advance(threads[i]);
                moved = true;
            }
        }
        for (uint32_t first = 0; first < launch.threads; first += 32) {
            moved |= together(first);
        }
        moved |= release();
        if (!moved) {
            break;
        }
    }
    for (const Thread &t : threads) {
        if (t.state != EXIT) {
            fail(t, LAUNCH_FAILED, "waits for threads that do not come");
        }
    }
}

void Block::advance(Thread &t) {
    const Instruction *code = launch.kernel->code.data();
    uint64_t count = 0;
    try {
        for (;;) {
            const Instruction &i = code[t.pc++];
            count++;
            if (i.guard != NONE && (t.registers[i.guard] != 0) == i.guardNegated) {
                continue;
            }
            Outcome outcome = i.run(t, i);
            if (outcome != NEXT) {
                t.state = outcome;
                break;
            }
        }
    } catch (const Fault &fault) {
        fail(t, fault.code, fault.what());
    }
    executed += count;
}

void Block::count() {
    if (++executed > launch.maxInstructions) {
        throw Fault(LAUNCH_TIMEOUT, "runs too long");
    }
}

// Once all threads of a warp wait at the same instruction for each other.
bool Block::together(uint32_t first) {
    uint32_t lanes = std::min<uint32_t>(32, launch.threads - first);
    Thread *warp[32];
    for (uint32_t lane = 0; lane < lanes; lane++) {
        warp[lane] = &threads[first + lane];
        if (warp[lane]->state != WARP || warp[lane]->pc != warp[0]->pc) {
            return false;
        }
    }
    if (lanes < 32) {
        fail(*warp[0], LAUNCH_FAILED, "a warp operation in a warp that is not full");
    }
    const Instruction &i = launch.kernel->code[warp[0]->pc - 1];
    try {
        i.together(warp, i);
    } catch (const Fault &fault) {
        fail(*warp[0], fault.code, fault.what());
    }
    for (Thread *thread : warp) {
        thread->state = NEXT;
    }
    return true;
}

// Past a barrier, once all threads wait at it: at the same one, and none has left.
bool Block::release() {
    uint32_t waiting = 0;
    for (const Thread &t : threads) {
        waiting += t.state == BARRIER;
    }
    if (waiting == 0 || waiting < launch.threads) {
        return false;
    }
    for (Thread &t : threads) {
        if (t.pc != threads[0].pc) {
            fail(t, LAUNCH_FAILED, "waits at another barrier than thread 0");
        }
        t.state = NEXT;
    }
    epoch++;
    return true;
}

void Block::fail(const Thread &t, int code, const std::string &what) const {
    const Instruction &i = launch.kernel->code[t.pc == 0 ? 0 : t.pc - 1];
    throw Fault((Code) code,
                launch.kernel->name + ": " + what + ", PTX line " + std::to_string(i.line) + ", thread "
                        + std::to_string(t.index) + " of block " + std::to_string(number));
}

Allocation &Block::found(Thread &t, uint64_t address, uint32_t size) {
    if (address % size != 0) {
        throw Fault(MISALIGNED_ADDRESS, std::to_string(size) + " bytes at an address that is no multiple");
    }
    if (t.recent[0] != nullptr && t.recent[0]->holds(address, size)) {
        return *t.recent[0];
    }
    std::swap(t.recent[0], t.recent[1]);
    if (t.recent[0] == nullptr || !t.recent[0]->holds(address, size)) {
        t.recent[0] = &memory.block(address, size);
    }
    return *t.recent[0];
}

const uint8_t *Block::global(Thread &t, uint64_t address, uint32_t size) {
    Allocation &block = found(t, address, size);
    uint64_t at = address - block.address;
    for (uint32_t i = 0; i < size; i++) {
        if (!block.written[at + i]) {
            throw Fault(ILLEGAL_ADDRESS, "reads what nothing has written");
        }
    }
    return block.bytes.data() + at;
}

uint8_t *Block::globalToWrite(Thread &t, uint64_t address, uint32_t size) {
    Allocation &block = found(t, address, size);
    uint64_t at = address - block.address;
    for (uint32_t i = 0; i < size; i++) {
        block.written[at + i] = 1;
    }
    lastStore = address;
    return block.bytes.data() + at;
}

uint8_t *Block::shared(Thread &t, uint64_t address, uint32_t size, bool write) {
    if (address % size != 0) {
        throw Fault(MISALIGNED_ADDRESS, std::to_string(size) + " shared bytes at an address that is no multiple");
    }
    if (address > sharedBytes.size() || size > sharedBytes.size() - address) {
        throw Fault(ILLEGAL_ADDRESS, "shared address " + std::to_string(address));
    }
    int32_t self = (int32_t) t.index;
    for (uint64_t word = address / 4; word <= (address + size - 1) / 4; word++) {
        Use &use = uses[word];
        if (use.epoch != epoch) {
            use = {epoch, -1, -1, false};
        }
        bool raced = use.writer >= 0 && use.writer != self;
        if (write) {
            raced |= use.manyReaders || (use.reader >= 0 && use.reader != self);
            use.writer = self;
        } else {
            use.manyReaders |= use.reader >= 0 && use.reader != self;
            use.reader = self;
        }
        if (raced) {
            throw Fault(LAUNCH_FAILED, "uses shared memory that another thread uses before the next barrier");
        }
    }
    for (uint32_t i = 0; i < size; i++) {
        if (!write && !sharedWritten[address + i]) {
            throw Fault(ILLEGAL_ADDRESS, "reads shared memory that nothing has written");
        }
        sharedWritten[address + i] |= write;
    }
    return sharedBytes.data() + address;
}

const uint8_t *Block::parameter(uint64_t address, uint32_t size) const {
    if (address > launch.parameters.size() || size > launch.parameters.size() - address) {
        throw Fault(ILLEGAL_ADDRESS, "a parameter at " + std::to_string(address));
    }
    return launch.parameters.data() + address;
}

const uint8_t *Block::constant(uint64_t address, uint32_t size) const {
    const std::vector<uint8_t> &constants = launch.program->constants;
    if (address > constants.size() || size > constants.size() - address) {
        throw Fault(ILLEGAL_ADDRESS, "a constant at " + std::to_string(address));
    }
    return constants.data() + address;
}

}  // namespace device
