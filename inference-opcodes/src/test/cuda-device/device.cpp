#include "device.h"

#include <cstdlib>
#include <sstream>

namespace device {
namespace {

constexpr uint64_t MEMORY = uint64_t(1) << 30;


}  // namespace

bool Failures::due(const std::string &what) {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = left.find(what);
    if (found == left.end() || found->second-- > 0) {
        return false;
    }
    left.erase(found);
    return true;
}

void Failures::plan(const std::string &what, int64_t after) {
    std::lock_guard<std::mutex> lock(mutex);
    left[what] = after;
}

void Failures::clear() {
    std::lock_guard<std::mutex> lock(mutex);
    left.clear();
}

Stream::Stream() { std::thread([this] { serve(); }).detach(); }

void Stream::add(std::function<void()> work) {
    std::lock_guard<std::mutex> lock(mutex);
    queue.push_back(std::move(work));
    changed.notify_all();
}

bool Stream::isIdle() {
    std::lock_guard<std::mutex> lock(mutex);
    return queue.empty() && !busy;
}

void Stream::wait() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return queue.empty() && !busy; });
}

void Stream::serve() {
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
        changed.wait(lock, [this] { return !queue.empty(); });
        std::function<void()> work = std::move(queue.front());
        queue.pop_front();
        busy = true;
        lock.unlock();
        work();
        lock.lock();
        busy = false;
        changed.notify_all();
    }
}

Device::Device(int ordinal, int capability, uint64_t memoryBytes)
    : ordinal(ordinal), capability(capability), memory(memoryBytes) {}

// Who sees the failure can read why: the message comes first.
void Device::fail(const Fault &fault, int64_t since) {
    World &world = World::get();
    std::lock_guard<std::mutex> lock(world.messageLock);
    if (failure == SUCCESS && repaired == since) {
        world.message = fault.what();
        failure = fault.code;
    }
}

void Device::repair() {
    std::lock_guard<std::mutex> lock(World::get().messageLock);
    repaired++;
    failure = SUCCESS;
}

void Device::launch(Launch launch) {
    World &world = World::get();
    if (world.failures.due("hang")) {
        std::mutex mutex;
        std::unique_lock<std::mutex> lock(mutex);
        std::condition_variable never;
        for (;;) {
            never.wait(lock);
        }
    }
    if (world.failures.due("launch")) {
        throw Fault(LAUNCH_FAILED, "told to fail");
    }
    std::lock_guard<std::mutex> lock(memoryLock);
    Block block(launch, memory);
    for (uint32_t index : launch.order.permutation(launch.blocks, 0)) {
        block.run(index);
    }
    world.counters.launches++;
    world.counters.instructions += (int64_t) block.executed;
    if (block.lastStore != 0 && world.failures.due("wrong")) {
        Allocation &changed = memory.block(block.lastStore, 1);
        changed.bytes[block.lastStore - changed.address] ^= 1;
    }
}

World &World::get() {
    static World *world = new World();
    return *world;
}

std::string World::said() {
    std::lock_guard<std::mutex> lock(messageLock);
    return message;
}

void World::say(const std::string &what) {
    std::lock_guard<std::mutex> lock(messageLock);
    message = what;
}

// ENGRAM_TEST_DEVICE: words apart by commas: devices=N, driver=N, memory=N (bytes), order=N, and NAME=N for a failure.
World::World() {
    uint64_t count = 2;
    uint64_t memory = MEMORY;
    const char *environment = std::getenv("ENGRAM_TEST_DEVICE");
    std::istringstream words(environment == nullptr ? "" : environment);
    for (std::string word; std::getline(words, word, ',');) {
        std::string name = word.substr(0, word.find('='));
        int64_t value = std::atoll(word.substr(std::min(word.size(), name.size() + 1)).c_str());
        if (name == "devices") {
            count = (uint64_t) value;
        } else if (name == "driver") {
            driverVersion = (int) value;
        } else if (name == "memory") {
            memory = (uint64_t) value;
        } else if (name == "order") {
            order = Order::of((uint64_t) value);
        } else {
            failures.plan(name, value);
        }
    }
    // The first knows all that is shipped, the others the least that is asked for.
    for (uint64_t i = 0; i < count; i++) {
        devices.push_back(std::make_unique<Device>((int) i, i == 0 ? 90 : 75, memory));
    }
}

}  // namespace device
