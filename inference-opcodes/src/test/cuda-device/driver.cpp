// The calls of the CUDA driver API that the back end makes, under the names that libcuda.so.1 has for them.
#include <algorithm>
#include <cstring>

#include "device.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace device;

namespace {

struct Context {
    Device *device;
};
struct Module {
    Device *device;
    Program program;
};
struct Function {
    Module *module;
    const Kernel *kernel;
};
using Task = std::function<void(Device &)>;

struct DriverStream {
    Device *device;
    Stream work;
    // While it is captured, what it is given is taken down here.
    bool captured = false;
    bool invalid = false;
    std::vector<Task> taken;
};
struct Graph {
    Device *device;
    std::vector<Task> tasks;
};

std::atomic<bool> initialised{false};
thread_local Context *current = nullptr;
thread_local DriverStream *capturing = nullptr;

// Runs a call; what it throws becomes its code.
template <class Call>
int result(Call call) {
    try {
        if (!initialised) {
            return NOT_INITIALIZED;
        }
        call();
        return SUCCESS;
    } catch (const Fault &fault) {
        World::get().say(fault.what());
        return fault.code;
    }
}

Device &deviceOf(int ordinal) {
    auto &devices = World::get().devices;
    if (ordinal < 0 || (size_t) ordinal >= devices.size()) {
        throw Fault(INVALID_DEVICE, "no device " + std::to_string(ordinal));
    }
    return *devices[ordinal];
}

// The device of this thread's context, which must be in order.
Device &usable() {
    if (current == nullptr) {
        throw Fault(INVALID_CONTEXT, "this thread has no context");
    }
    if (current->device->sticky() != SUCCESS) {
        throw Fault(current->device->sticky(), World::get().said());
    }
    return *current->device;
}

// The same for a call that may not be made while this thread captures a stream.
Device &usableNow() {
    if (capturing != nullptr) {
        capturing->invalid = true;
        throw Fault(CAPTURE_UNSUPPORTED, "a call that is not allowed while a stream is captured");
    }
    return usable();
}

template <class T>
T &handle(void *pointer) {
    if (pointer == nullptr) {
        throw Fault(INVALID_HANDLE, "no handle");
    }
    return *(T *) pointer;
}

// Work of a stream: whatever goes wrong breaks the device, and a broken one does nothing.
void enqueue(DriverStream &stream, Task work) {
    if (stream.captured) {
        stream.taken.push_back(std::move(work));
        return;
    }
    Device *device = stream.device;
    int64_t since = device->repairs();
    stream.work.add([device, work, since] {
        if (device->sticky() != SUCCESS || device->repairs() != since) {
            return;
        }
        try {
            work(*device);
        } catch (const Fault &fault) {
            device->fail(fault, since);
        }
    });
}

constexpr uint64_t MAX_INSTRUCTIONS = uint64_t(1) << 32;  // of a block

enum Attribute { MULTIPROCESSORS = 16, CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76 };

}  // namespace

EXPORT int cuInit(unsigned) {
    if (World::get().devices.empty()) {
        return NO_DEVICE;
    }
    initialised = true;
    return SUCCESS;
}

EXPORT int cuDriverGetVersion(int *version) {
    *version = World::get().driverVersion;
    return SUCCESS;
}

EXPORT int cuDeviceGetCount(int *count) {
    return result([&] { *count = (int) World::get().devices.size(); });
}

EXPORT int cuDeviceGet(int *handle, int ordinal) {
    return result([&] { *handle = deviceOf(ordinal).ordinal; });
}

EXPORT int cuDeviceGetName(char *name, int length, int ordinal) {
    return result([&] {
        std::string text = "Engram test device " + std::to_string(deviceOf(ordinal).ordinal);
        std::strncpy(name, text.c_str(), (size_t) length);
    });
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int ordinal) {
    return result([&] {
        switch (attribute) {
        case CAPABILITY_MAJOR: *value = deviceOf(ordinal).capability / 10; break;
        case CAPABILITY_MINOR: *value = deviceOf(ordinal).capability % 10; break;
        case MULTIPROCESSORS: *value = 4; break;
        default: throw Fault(INVALID_VALUE, "attribute " + std::to_string(attribute));
        }
    });
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int ordinal) {
    return result([&] { *bytes = deviceOf(ordinal).memory.total(); });
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int ordinal) {
    return result([&] {
        deviceOf(ordinal).contexts++;
        *context = new Context{&deviceOf(ordinal)};
    });
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int ordinal) {
    return result([&] {
        if (--deviceOf(ordinal).contexts == 0) {
            deviceOf(ordinal).repair();
        }
    });
}

EXPORT int cuCtxSetCurrent(void *context) {
    return result([&] { current = (Context *) context; });
}

EXPORT int cuMemGetInfo_v2(size_t *free, size_t *total) {
    return result([&] {
        *free = usable().memory.free();
        *total = usable().memory.total();
    });
}

EXPORT int cuModuleLoadData(void **module, const void *image) {
    return result([&] {
        Device &device = usableNow();
        Program program = parse((const char *) image);
        // The versions of PTX and of CUDA that belong together: 6.3 is 10.0, 7.0 is 11.0, 8.0 is 12.0, 9.0 is 13.0.
        int newest = World::get().driverVersion / 1000 * 10 - 40;
        if (program.version > newest && program.version > 63) {
            throw Fault(UNSUPPORTED_PTX_VERSION, "PTX " + std::to_string(program.version));
        }
        if (program.target > device.capability) {
            throw Fault(NO_BINARY_FOR_GPU, "PTX for sm_" + std::to_string(program.target));
        }
        *module = new Module{&device, std::move(program)};
    });
}

EXPORT int cuModuleUnload(void *module) {
    return result([&] { delete &handle<Module>(module); });
}

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name) {
    return result([&] {
        Module &from = handle<Module>(module);
        auto kernel = from.program.kernels.find(name);
        if (kernel == from.program.kernels.end()) {
            throw Fault(NOT_FOUND, std::string("no kernel ") + name);
        }
        *function = new Function{&from, &kernel->second};
    });
}

EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    return result([&] {
        Device &device = usableNow();
        World::get().counters.allocations++;
        if (World::get().failures.due("memory")) {
            throw Fault(OUT_OF_MEMORY, "told to fail");
        }
        std::lock_guard<std::mutex> lock(device.memoryLock);
        *address = device.memory.allocate(bytes);
    });
}

EXPORT int cuMemFree_v2(uint64_t address) {
    return result([&] {
        Device &device = usableNow();
        std::lock_guard<std::mutex> lock(device.memoryLock);
        device.memory.release(address);
    });
}

EXPORT int cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
    return result([&] {
        usableNow();
        *memory = ::operator new(bytes);
    });
}

EXPORT int cuMemFreeHost(void *memory) {
    return result([&] { ::operator delete(memory); });
}

EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
    return result([&] {
        usable();
        enqueue(handle<DriverStream>(stream), [=](Device &device) {
            World::get().counters.uploads++;
            std::lock_guard<std::mutex> lock(device.memoryLock);
            device.memory.copyIn(to, from, bytes);
        });
    });
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
    return result([&] {
        usable();
        enqueue(handle<DriverStream>(stream), [=](Device &device) {
            World::get().counters.downloads++;
            std::lock_guard<std::mutex> lock(device.memoryLock);
            device.memory.copyOut(to, from, bytes);
        });
    });
}

EXPORT int cuStreamCreate(void **stream, unsigned) {
    return result([&] { *stream = new DriverStream{&usableNow(), {}, false, false, {}}; });
}

EXPORT int cuStreamQuery(void *stream) {
    int code = SUCCESS;
    int outcome = result([&] {
        usableNow();
        code = handle<DriverStream>(stream).work.isIdle() ? SUCCESS : NOT_READY;
        usable();
    });
    return outcome == SUCCESS ? code : outcome;
}

EXPORT int cuStreamSynchronize(void *stream) {
    return result([&] {
        usableNow();
        handle<DriverStream>(stream).work.wait();
        usable();
    });
}

EXPORT int cuLaunchKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                          unsigned blockY, unsigned blockZ, unsigned sharedBytes, void *stream, void **parameters,
                          void **extra) {
    return result([&] {
        Device &device = usable();
        Function &called = handle<Function>(function);
        const Kernel &kernel = *called.kernel;
        if (called.module->device != &device) {
            throw Fault(INVALID_HANDLE, "a kernel of another device");
        }
        if (gridX == 0 || gridX > 0x7fffffffu || gridY != 1 || gridZ != 1 || blockX == 0 || blockY != 1 || blockZ != 1
            || sharedBytes != 0 || extra != nullptr) {
            throw Fault(INVALID_VALUE, "a launch of " + std::to_string(gridX) + " × " + std::to_string(gridY) + " × "
                                + std::to_string(gridZ) + " blocks of " + std::to_string(blockX) + " × "
                                + std::to_string(blockY) + " × " + std::to_string(blockZ) + " threads, with "
                                + std::to_string(sharedBytes) + " bytes" + (extra ? " and more" : ""));
        }
        if (blockX > kernel.maxThreads) {
            throw Fault(LAUNCH_OUT_OF_RESOURCES, "too many threads in a block");
        }
        Launch launch{&called.module->program, &kernel, std::vector<uint8_t>(kernel.parameterBytes), gridX, blockX,
                      World::get().order, MAX_INSTRUCTIONS};
        // The values are taken now, as the driver does.
        for (size_t i = 0; i < kernel.parameters.size(); i++) {
            std::memcpy(launch.parameters.data() + kernel.parameters[i], parameters[i], kernel.parameterSizes[i]);
        }
        enqueue(handle<DriverStream>(stream), [launch](Device &on) { on.launch(launch); });
    });
}

// Modes other than that for this thread (1) stop other threads as well, which this device does not.
EXPORT int cuStreamBeginCapture_v2(void *stream, int mode) {
    return result([&] {
        usable();
        DriverStream &begun = handle<DriverStream>(stream);
        if (mode != 1) {
            throw Fault(INVALID_VALUE, "capture mode " + std::to_string(mode));
        }
        if (capturing != nullptr || begun.captured) {
            throw Fault(ILLEGAL_STATE, "a capture within another");
        }
        begun.captured = true;
        begun.invalid = false;
        begun.taken.clear();
        capturing = &begun;
    });
}

EXPORT int cuStreamEndCapture(void *stream, void **graph) {
    return result([&] {
        DriverStream &ended = handle<DriverStream>(stream);
        if (capturing != &ended) {
            throw Fault(ILLEGAL_STATE, "this thread captures no such stream");
        }
        capturing = nullptr;
        ended.captured = false;
        *graph = nullptr;
        if (ended.invalid) {
            throw Fault(CAPTURE_INVALIDATED, "a call spoilt the capture");
        }
        *graph = new Graph{ended.device, std::move(ended.taken)};
    });
}

EXPORT int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
    return result([&] {
        usableNow();
        if (flags != 0) {
            throw Fault(INVALID_VALUE, "flags for a graph");
        }
        if (World::get().failures.due("graph")) {
            throw Fault(NOT_SUPPORTED, "told to fail");
        }
        *executable = new Graph(handle<Graph>(graph));
    });
}

EXPORT int cuGraphLaunch(void *executable, void *stream) {
    return result([&] {
        usableNow();
        const Graph &graph = handle<Graph>(executable);
        DriverStream &to = handle<DriverStream>(stream);
        if (graph.device != to.device) {
            throw Fault(INVALID_HANDLE, "a graph of another device");
        }
        World::get().counters.graphs++;
        for (const Task &task : graph.tasks) {
            enqueue(to, task);
        }
    });
}

EXPORT int cuGraphExecDestroy(void *executable) {
    return result([&] { delete &handle<Graph>(executable); });
}

EXPORT int cuGraphDestroy(void *graph) {
    return result([&] { delete &handle<Graph>(graph); });
}

EXPORT int cuGetErrorName(int code, const char **name) {
    switch (code) {
    case SUCCESS: *name = "CUDA_SUCCESS"; break;
    case INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; break;
    case OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case NOT_INITIALIZED: *name = "CUDA_ERROR_NOT_INITIALIZED"; break;
    case NO_DEVICE: *name = "CUDA_ERROR_NO_DEVICE"; break;
    case INVALID_DEVICE: *name = "CUDA_ERROR_INVALID_DEVICE"; break;
    case INVALID_CONTEXT: *name = "CUDA_ERROR_INVALID_CONTEXT"; break;
    case NO_BINARY_FOR_GPU: *name = "CUDA_ERROR_NO_BINARY_FOR_GPU"; break;
    case INVALID_PTX: *name = "CUDA_ERROR_INVALID_PTX"; break;
    case UNSUPPORTED_PTX_VERSION: *name = "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"; break;
    case INVALID_HANDLE: *name = "CUDA_ERROR_INVALID_HANDLE"; break;
    case NOT_FOUND: *name = "CUDA_ERROR_NOT_FOUND"; break;
    case NOT_READY: *name = "CUDA_ERROR_NOT_READY"; break;
    case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case LAUNCH_OUT_OF_RESOURCES: *name = "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"; break;
    case LAUNCH_TIMEOUT: *name = "CUDA_ERROR_LAUNCH_TIMEOUT"; break;
    case MISALIGNED_ADDRESS: *name = "CUDA_ERROR_MISALIGNED_ADDRESS"; break;
    case LAUNCH_FAILED: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    case ILLEGAL_STATE: *name = "CUDA_ERROR_ILLEGAL_STATE"; break;
    case NOT_SUPPORTED: *name = "CUDA_ERROR_NOT_SUPPORTED"; break;
    case CAPTURE_UNSUPPORTED: *name = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"; break;
    case CAPTURE_INVALIDATED: *name = "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"; break;
    default: *name = nullptr; return INVALID_VALUE;
    }
    return SUCCESS;
}

// What tests call beside the driver API.

EXPORT void engram_device_fail(const char *what, int64_t after) { World::get().failures.plan(what, after); }

EXPORT void engram_device_reset(void) {
    World &world = World::get();
    world.failures.clear();
    for (auto &one : world.devices) {
        one->repair();
    }
}

EXPORT void engram_device_order(uint64_t seed) { World::get().order = Order::of(seed); }

EXPORT int64_t engram_device_count(const char *what) {
    Counters &counters = World::get().counters;
    std::string name = what;
    return name == "launches"       ? counters.launches.load()
            : name == "graphs"       ? counters.graphs.load()
            : name == "instructions" ? counters.instructions.load()
            : name == "uploads"      ? counters.uploads.load()
            : name == "downloads"    ? counters.downloads.load()
            : name == "allocations"  ? counters.allocations.load()
                                     : -1;
}

// How many bytes of a piece of device memory have ever been written; -1 when no allocation holds it.
EXPORT int64_t engram_device_written(int ordinal, uint64_t address, uint64_t bytes) {
    Device &device = *World::get().devices[(size_t) ordinal];
    std::lock_guard<std::mutex> lock(device.memoryLock);
    try {
        const Allocation &block = device.memory.block(address, bytes);
        const uint8_t *from = block.written.data() + (address - block.address);
        return std::count(from, from + bytes, 1);
    } catch (const Fault &) {
        return -1;
    }
}

EXPORT const char *engram_device_message(void) {
    static thread_local std::string message;
    World &world = World::get();
    message = world.said();
    return message.c_str();
}
