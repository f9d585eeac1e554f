package io.engram.inference.engine.cuda;

import java.lang.foreign.MemorySegment;

/** Another driver, of which a test changes some calls. */
abstract class ForwardingDriver implements Driver {

    private final Driver to;

    ForwardingDriver(Driver to) {
        this.to = to;
    }

    @Override
    public int version() {
        return to.version();
    }

    @Override
    public int devices() {
        return to.devices();
    }

    @Override
    public Facts describe(int ordinal) {
        return to.describe(ordinal);
    }

    @Override
    public void open(int ordinal) {
        to.open(ordinal);
    }

    @Override
    public Module load(byte[] ptx) {
        return to.load(ptx);
    }

    @Override
    public Function function(Module module, String name) {
        return to.function(module, name);
    }

    @Override
    public long allocate(long bytes) {
        return to.allocate(bytes);
    }

    @Override
    public void free(long address) {
        to.free(address);
    }

    @Override
    public MemorySegment allocateHost(long bytes) {
        return to.allocateHost(bytes);
    }

    @Override
    public Stream stream() {
        return to.stream();
    }

    @Override
    public void upload(long address, MemorySegment from, Stream stream) {
        to.upload(address, from, stream);
    }

    @Override
    public void download(MemorySegment segment, long from, Stream stream) {
        to.download(segment, from, stream);
    }

    @Override
    public void launch(Function function, int blocks, int threads, MemorySegment parameters, Stream stream) {
        to.launch(function, blocks, threads, parameters, stream);
    }

    @Override
    public Graph record(Stream stream, Runnable calls) {
        return to.record(stream, calls);
    }

    @Override
    public void launch(Graph graph, Stream stream) {
        to.launch(graph, stream);
    }

    @Override
    public void free(Graph graph) {
        to.free(graph);
    }

    @Override
    public boolean isDone(Stream stream) {
        return to.isDone(stream);
    }
}
