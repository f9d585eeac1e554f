package io.engram.inference.engine.cuda;

import java.lang.foreign.MemorySegment;

/**
 * What this back end asks of a CUDA driver. All but {@link #version}, {@link #devices} and {@link #describe} need a thread
 * that has called {@link #open}; every call throws {@link CudaException} when the driver reports an error.
 */
interface Driver {

    /**
     * A device.
     *
     * @param capability 10·major + minor of its compute capability
     * @param memoryBytes all that it has
     */
    record Facts(String name, int capability, int multiprocessors, long memoryBytes) {}

    /** PTX made ready for a device. */
    interface Module {}

    /** An entry of a module. */
    interface Function {}

    /** Work that is done in order, beside that of other streams. */
    interface Stream {}

    /** Work that was taken down, to be given as a whole. */
    interface Graph {}

    /** 1000·major + 10·minor of the CUDA that the driver knows. */
    int version();

    int devices();

    Facts describe(int ordinal);

    /** Makes the device's primary context the one of this thread. */
    void open(int ordinal);

    /** @param ptx text */
    Module load(byte[] ptx);

    Function function(Module module, String name);

    /** @return an address on the device */
    long allocate(long bytes);

    void free(long address);

    /** Memory of this machine that the device can read and write at its own pace. */
    MemorySegment allocateHost(long bytes);

    Stream stream();

    /** The segment, off the heap, is read later. */
    void upload(long to, MemorySegment from, Stream stream);

    /** The segment, off the heap, is written later. */
    void download(MemorySegment to, long from, Stream stream);

    /** @param parameters the addresses of the kernel's parameters, which are read now */
    void launch(Function function, int blocks, int threads, MemorySegment parameters, Stream stream);

    /**
     * Takes down what a stream is given, instead of doing it. Needs CUDA 11.4.
     *
     * @param calls launches, uploads and downloads of this stream; nothing else may be called meanwhile
     */
    Graph record(Stream stream, Runnable calls);

    void launch(Graph graph, Stream stream);

    /** Of no work that is not done. */
    void free(Graph graph);

    /** Whether all is done that the stream was given. */
    boolean isDone(Stream stream);
}
