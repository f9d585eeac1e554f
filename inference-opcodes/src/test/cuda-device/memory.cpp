#include "memory.h"

#include <cstring>

#include "fault.h"

namespace device {

uint64_t Memory::allocate(uint64_t size) {
    if (size == 0) {
        throw Fault(INVALID_VALUE, "an allocation of no bytes");
    }
    if (size > free()) {
        throw Fault(OUT_OF_MEMORY, "no room for " + std::to_string(size) + " bytes");
    }
    uint64_t address = next;
    next = (address + size + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    used += size;
    blocks[address] = std::make_unique<Allocation>(
            Allocation{address, std::vector<uint8_t>(size), std::vector<uint8_t>(size)});
    return address;
}

void Memory::release(uint64_t address) {
    auto found = blocks.find(address);
    if (found == blocks.end()) {
        throw Fault(INVALID_VALUE, "released what is no allocation");
    }
    used -= found->second->bytes.size();
    blocks.erase(found);
}

Allocation &Memory::block(uint64_t address, uint64_t size) {
    auto after = blocks.upper_bound(address);
    if (after != blocks.begin()) {
        Allocation &candidate = *std::prev(after)->second;
        if (candidate.holds(address, size)) {
            return candidate;
        }
    }
    throw Fault(ILLEGAL_ADDRESS, "address " + std::to_string(address) + " is in no allocation");
}

void Memory::copyIn(uint64_t to, const void *from, uint64_t size) {
    Allocation &target = block(to, size);
    std::memcpy(target.bytes.data() + (to - target.address), from, size);
    std::memset(target.written.data() + (to - target.address), 1, size);
}

void Memory::copyOut(void *to, uint64_t from, uint64_t size) {
    Allocation &source = block(from, size);
    std::memcpy(to, source.bytes.data() + (from - source.address), size);
}

}  // namespace device
