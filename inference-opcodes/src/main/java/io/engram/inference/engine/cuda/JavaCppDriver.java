package io.engram.inference.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/**
 * The driver API through the JavaCPP presets. Only functions that every driver since CUDA 10 has are called, but for
 * {@link #record}: JavaCPP binds them when they are used, and a missing one ends the process.
 */
final class JavaCppDriver implements Driver {

    /** JavaCPP counts this process's whole memory against a limit that has nothing to do with ours. */
    private static final String NO_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    /** The other form of giving parameters, which is not used. */
    private static final @Nullable PointerPointer<Pointer> NO_EXTRA = null;

    private static final int NOT_READY = 600;
    private static final int NO_FLAGS = 0;
    private static final int NON_BLOCKING = 1;
    private static final int NAME_BYTES = 256;

    private record LoadedModule(CUmod_st handle) implements Module {}

    private record LoadedFunction(CUfunc_st handle) implements Function {}

    private record OpenStream(CUstream_st handle) implements Stream {}

    private record ReadyGraph(CUgraphExec_st handle) implements Graph {}

    /** A place in memory that JavaCPP neither made nor frees. */
    private static final class Address extends Pointer {
        Address(long place) {
            address = place;
        }

        Address(MemorySegment segment) {
            this(segment.address());
        }
    }

    private JavaCppDriver() {}

    /**
     * The driver of this machine.
     *
     * @throws LinkageError when there is none
     * @throws CudaException when it finds no device
     */
    static Driver load() {
        if (System.getProperty(NO_LIMIT) == null) {
            System.setProperty(NO_LIMIT, "0");
        }
        check("cuInit", cudart.cuInit(NO_FLAGS));
        return new JavaCppDriver();
    }

    private static void check(String call, int code) {
        if (code != cudart.CUDA_SUCCESS) {
            throw new CudaException(call, errorName(code));
        }
    }

    private static String errorName(int code) {
        try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
            boolean known = cudart.cuGetErrorName(code, name) == cudart.CUDA_SUCCESS;
            return known ? name.get(BytePointer.class, 0).getString() : "error " + code;
        }
    }

    @Override
    public int version() {
        int[] version = new int[1];
        check("cuDriverGetVersion", cudart.cuDriverGetVersion(version));
        return version[0];
    }

    @Override
    public int devices() {
        int[] count = new int[1];
        check("cuDeviceGetCount", cudart.cuDeviceGetCount(count));
        return count[0];
    }

    @Override
    public Facts describe(int ordinal) {
        int device = device(ordinal);
        byte[] name = new byte[NAME_BYTES];
        check("cuDeviceGetName", cudart.cuDeviceGetName(name, name.length, device));
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        int major = attribute(device, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        int minor = attribute(device, cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            check("cuDeviceTotalMem", cudart.cuDeviceTotalMem(bytes, device));
            return new Facts(
                    new String(name, 0, end, StandardCharsets.UTF_8),
                    10 * major + minor,
                    attribute(device, cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                    bytes.get());
        }
    }

    private static int device(int ordinal) {
        int[] device = new int[1];
        check("cuDeviceGet", cudart.cuDeviceGet(device, ordinal));
        return device[0];
    }

    private static int attribute(int device, int attribute) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", cudart.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    @Override
    public void open(int ordinal) {
        CUctx_st context = new CUctx_st();
        check("cuDevicePrimaryCtxRetain", cudart.cuDevicePrimaryCtxRetain(context, device(ordinal)));
        check("cuCtxSetCurrent", cudart.cuCtxSetCurrent(context));
    }

    @Override
    public Module load(byte[] ptx) {
        CUmod_st module = new CUmod_st();
        // The driver reads up to a zero.
        try (BytePointer text = new BytePointer(Arrays.copyOf(ptx, ptx.length + 1))) {
            check("cuModuleLoadData", cudart.cuModuleLoadData(module, text));
        }
        return new LoadedModule(module);
    }

    @Override
    public Function function(Module module, String name) {
        CUfunc_st function = new CUfunc_st();
        check(
                "cuModuleGetFunction " + name,
                cudart.cuModuleGetFunction(function, ((LoadedModule) module).handle(), name));
        return new LoadedFunction(function);
    }

    @Override
    public long allocate(long bytes) {
        long[] address = new long[1];
        check("cuMemAlloc", cudart.cuMemAlloc(address, bytes));
        return address[0];
    }

    @Override
    public void free(long address) {
        check("cuMemFree", cudart.cuMemFree(address));
    }

    @Override
    @SuppressWarnings("restricted") // the memory is as long as was asked for
    public MemorySegment allocateHost(long bytes) {
        try (PointerPointer<Pointer> memory = new PointerPointer<>(1)) {
            check("cuMemHostAlloc", cudart.cuMemHostAlloc(memory, bytes, NO_FLAGS));
            long address = Optional.ofNullable(memory.get(0)).orElseThrow().address();
            return MemorySegment.ofAddress(address).reinterpret(bytes);
        }
    }

    @Override
    public Stream stream() {
        CUstream_st stream = new CUstream_st();
        check("cuStreamCreate", cudart.cuStreamCreate(stream, NON_BLOCKING));
        return new OpenStream(stream);
    }

    @Override
    public void upload(long to, MemorySegment from, Stream stream) {
        check("cuMemcpyHtoDAsync", cudart.cuMemcpyHtoDAsync(to, new Address(from), from.byteSize(), handle(stream)));
    }

    @Override
    public void download(MemorySegment to, long from, Stream stream) {
        check("cuMemcpyDtoHAsync", cudart.cuMemcpyDtoHAsync(new Address(to), from, to.byteSize(), handle(stream)));
    }

    @Override
    public void launch(Function function, int blocks, int threads, MemorySegment parameters, Stream stream) {
        check(
                "cuLaunchKernel",
                cudart.cuLaunchKernel(
                        ((LoadedFunction) function).handle(),
                        blocks,
                        1,
                        1,
                        threads,
                        1,
                        1,
                        0,
                        handle(stream),
                        new PointerPointer<>(new Address(parameters)),
                        NO_EXTRA));
    }

    @Override
    public Graph record(Stream stream, Runnable calls) {
        check(
                "cuStreamBeginCapture",
                cudart.cuStreamBeginCapture(handle(stream), cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        CUgraph_st taken = new CUgraph_st();
        int ended;
        try {
            calls.run();
        } finally {
            // Whatever went wrong: the stream must work again.
            ended = cudart.cuStreamEndCapture(handle(stream), taken);
        }
        check("cuStreamEndCapture", ended);
        CUgraphExec_st ready = new CUgraphExec_st();
        int made = cudart.cuGraphInstantiate(ready, taken, NO_FLAGS);
        check("cuGraphDestroy", cudart.cuGraphDestroy(taken));
        check("cuGraphInstantiate", made);
        return new ReadyGraph(ready);
    }

    @Override
    public void launch(Graph graph, Stream stream) {
        check("cuGraphLaunch", cudart.cuGraphLaunch(((ReadyGraph) graph).handle(), handle(stream)));
    }

    @Override
    public void free(Graph graph) {
        check("cuGraphExecDestroy", cudart.cuGraphExecDestroy(((ReadyGraph) graph).handle()));
    }

    @Override
    public boolean isDone(Stream stream) {
        int code = cudart.cuStreamQuery(handle(stream));
        if (code == NOT_READY) {
            return false;
        }
        check("cuStreamQuery", code);
        return true;
    }

    private static CUstream_st handle(Stream stream) {
        return ((OpenStream) stream).handle();
    }
}
