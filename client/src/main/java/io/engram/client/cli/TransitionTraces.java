package io.engram.client.cli;

import io.engram.client.chain.Transition;
import io.engram.client.conformance.Eip3155Writer;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.transaction.Transaction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of EIP-3155 lines for each transaction, or nothing. */
final class TransitionTraces implements Transition.Observer, AutoCloseable {

    private final Path folder;
    private final boolean writes;
    private final Eip3155Writer.Contents contents;
    private Optional<PrintWriter> open = Optional.empty();

    TransitionTraces(Path folder, boolean writes, Eip3155Writer.Contents contents) {
        this.folder = folder;
        this.writes = writes;
        this.contents = contents;
    }

    @Override
    public Tracer before(int index, Transaction transaction) {
        if (!writes) {
            return Tracer.NONE;
        }
        Path file = folder.resolve("trace-" + index + "-" + transaction.hash().toHex() + ".jsonl");
        try {
            PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
            open = Optional.of(writer);
            return new Eip3155Writer(writer, contents).tracerWithResult();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void after() {
        open.ifPresent(PrintWriter::close);
        open = Optional.empty();
    }

    @Override
    public void close() {
        after();
    }
}
