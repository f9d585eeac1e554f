package io.engram.client.node;

import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.genesis.Hash;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.tuweni.bytes.Bytes;

/**
 * Model files that arrive in pieces, because a request body holds less than a large model. Pieces come in order; an upload
 * that rests for too long makes room for others. Refusals are {@link RpcException}s. Thread-safe.
 */
public final class ModelUploads {

    /** Uploads under way at once; each takes as much memory as its file has bytes. */
    static final int MAX_OPEN = 4;

    /** How long an upload waits for its next piece. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, Upload> open = new HashMap<>();

    /**
     * @param maxBytes of one file
     * @param nanoTime as {@link System#nanoTime}
     */
    public ModelUploads(long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
    }

    private static final class Upload {
        private final byte[] file;
        private int received;
        private long touched;

        Upload(int bytes, long now) {
            file = new byte[bytes];
            touched = now;
        }
    }

    /** Begins an upload of so many bytes and returns its id. */
    public Hash begin(long bytes) {
        if (bytes < 1 || bytes > maxBytes) {
            throw RpcException.invalidParameter("bytes", bytes + ", a model has 1 to " + maxBytes);
        }
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            open.values().removeIf(upload -> now - upload.touched > IDLE_NANOS);
            if (open.size() >= MAX_OPEN) {
                throw new RpcException(
                        RpcErrorCode.LIMIT_EXCEEDED, MAX_OPEN + " uploads are under way; wait until one has ended");
            }
            Hash id = randomId();
            open.put(id, new Upload(Math.toIntExact(bytes), now));
            return id;
        } finally {
            lock.unlock();
        }
    }

    private Hash randomId() {
        byte[] id = new byte[Hash.SIZE];
        random.nextBytes(id);
        return Hash.of(id);
    }

    /**
     * Adds the next piece.
     *
     * @param offset must be what was received before
     * @return bytes received so far
     */
    public long append(Hash id, long offset, Bytes piece) {
        lock.lock();
        try {
            Upload upload = find(id);
            if (offset != upload.received) {
                throw RpcException.invalidParameter("offset", offset + ", the next piece starts at " + upload.received);
            }
            if (piece.isEmpty() || piece.size() > upload.file.length - upload.received) {
                throw RpcException.invalidParameter(
                        "data", piece.size() + " bytes, missing are " + (upload.file.length - upload.received));
            }
            System.arraycopy(piece.toArrayUnsafe(), 0, upload.file, upload.received, piece.size());
            upload.received += piece.size();
            upload.touched = nanoTime.getAsLong();
            return upload.received;
        } finally {
            lock.unlock();
        }
    }

    /** The complete file, which is forgotten here. */
    public byte[] take(Hash id) {
        lock.lock();
        try {
            Upload upload = find(id);
            if (upload.received < upload.file.length) {
                throw RpcException.invalidParameter(
                        "upload", upload.received + " of " + upload.file.length + " bytes have arrived");
            }
            open.remove(id);
            return upload.file;
        } finally {
            lock.unlock();
        }
    }

    private Upload find(Hash id) {
        Upload upload = open.get(id);
        if (upload == null || nanoTime.getAsLong() - upload.touched > IDLE_NANOS) {
            open.remove(id);
            throw new RpcException(RpcErrorCode.RESOURCE_NOT_FOUND, "no upload " + id + ", or it has rested too long");
        }
        return upload;
    }
}
