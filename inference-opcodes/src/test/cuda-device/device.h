// Devices, their streams, and how they are told to fail.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "block.h"
#include "fault.h"
#include "memory.h"
#include "program.h"

namespace device {

// What the next calls do wrong; set by tests through control.h, or by the environment before the start.
class Failures {
public:
    // True once, when the call of this kind that was named is reached.
    bool due(const std::string &what);
    void plan(const std::string &what, int64_t after);
    void clear();

private:
    std::mutex mutex;
    std::map<std::string, int64_t> left;
};

struct Counters {
    std::atomic<int64_t> launches{0}, graphs{0}, instructions{0}, uploads{0}, downloads{0}, allocations{0};
};

// Work in order, on a thread of its own. Never ended: a library is not unloaded.
class Stream {
public:
    Stream();
    void add(std::function<void()> work);
    bool isIdle();
    void wait();

private:
    void serve();

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> queue;
    bool busy = false;
};

class Device {
public:
    Device(int ordinal, int capability, uint64_t memoryBytes);

    const int ordinal;
    const int capability;  // 10·major + minor
    Memory memory;
    // Held while memory is used by a stream or changed.
    std::mutex memoryLock;
    std::atomic<int> contexts{0};

    // The first fault on the device; every later call meets it too.
    Code sticky() const { return (Code) failure.load(); }
    // What was given to the device before it was last put in order breaks it no more.
    void fail(const Fault &fault, int64_t since);
    void repair();
    int64_t repairs() const { return repaired.load(); }

    void launch(Launch launch);

private:
    std::atomic<int> failure{SUCCESS};
    std::atomic<int64_t> repaired{0};
};

// All that the library holds.
struct World {
    Failures failures;
    Counters counters;
    std::vector<std::unique_ptr<Device>> devices;
    int driverVersion = 13000;
    Order order;
    std::mutex messageLock;
    std::string message;

    static World &get();
    void say(const std::string &what);
    std::string said();

private:
    World();
};

}  // namespace device
