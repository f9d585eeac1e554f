// Device memory: blocks at addresses of their own, with a note for every byte whether it was ever written.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace device {

struct Allocation {
    uint64_t address;
    std::vector<uint8_t> bytes;
    std::vector<uint8_t> written;

    bool holds(uint64_t at, uint64_t size) const {
        return at >= address && at - address <= bytes.size() && size <= bytes.size() - (at - address);
    }
};

class Memory {
public:
    explicit Memory(uint64_t capacity) : capacity(capacity) {}

    uint64_t allocate(uint64_t size);
    void release(uint64_t address);
    // The block that holds all of it. Faults when there is none.
    Allocation &block(uint64_t address, uint64_t size);

    void copyIn(uint64_t to, const void *from, uint64_t size);
    void copyOut(void *to, uint64_t from, uint64_t size);

    uint64_t free() const { return capacity - used; }
    uint64_t total() const { return capacity; }

private:
    // A gap that no access may touch lies behind every block.
    static constexpr uint64_t GAP = 1 << 16;
    static constexpr uint64_t ALIGNMENT = 256;

    uint64_t capacity;
    uint64_t used = 0;
    uint64_t next = uint64_t(0x7e) << 36;  // no address of the host looks like this
    std::map<uint64_t, std::unique_ptr<Allocation>> blocks;
};

}  // namespace device
