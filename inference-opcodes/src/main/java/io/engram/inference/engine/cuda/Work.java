package io.engram.inference.engine.cuda;

import io.engram.inference.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Launches of a plan between uploads and one download.
 *
 * @param form what of the plan they are
 * @param program whose weights they read
 * @param from where the download begins in the arena
 * @param reader makes the result of what was downloaded, on the device's thread
 * @param result completed once, whatever happens
 */
record Work<T>(
        Form form,
        Resident.Weights program,
        Plan plan,
        List<Upload> uploads,
        List<Launch> launches,
        long from,
        long bytes,
        Function<MemorySegment, T> reader,
        CompletableFuture<T> result) {

    /** A step alone; or all steps, without or with their commitments: with the same calls in every run. */
    enum Form {
        STEP,
        RESULTS,
        COMMITTED
    }

    /** Tensors at their offsets from the start of a piece of the arena. */
    record Upload(long offset, long bytes, List<Piece> pieces) {
        void fill(MemorySegment staging) {
            for (Piece piece : pieces) {
                Elements.copyIn(piece.tensor, staging.asSlice(piece.offset, piece.tensor.byteLength()));
            }
        }
    }

    record Piece(long offset, Tensor tensor) {}

    Work {
        uploads = List.copyOf(uploads);
        launches = List.copyOf(launches);
    }

    long stagingBytes() {
        long size = Places.align(bytes);
        for (Upload upload : uploads) {
            size += Places.align(upload.bytes);
        }
        return size;
    }

    /** @param staging what was downloaded */
    void finish(MemorySegment staging) {
        try {
            result.complete(reader.apply(staging));
        } catch (RuntimeException e) {
            // No tensor has such elements: the device computed something else.
            result.completeExceptionally(e);
        }
    }
}
