package io.engram.client.exchange;

import io.engram.genesis.Hash;
import io.engram.p2p.mdl.ModelChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model file that is being put together: {@code <modelId>.part}, and beside it {@code <modelId>.map} with the file's length
 * (8 bytes) and a bit for each chunk that was checked and written. The map may say too much after a loss of power; the whole
 * file is checked against its id in the end. Thread-safe.
 */
final class PartialModel implements AutoCloseable {

    private static final String PART = ".part";
    private static final String MAP = ".map";

    private final long modelBytes;
    private final Path part;
    private final FileChannel data;
    private final FileChannel map;
    private final BitSet present;

    private PartialModel(long modelBytes, Path part, FileChannel data, FileChannel map, BitSet present) {
        this.modelBytes = modelBytes;
        this.part = part;
        this.data = data;
        this.map = map;
        this.present = present;
    }

    private static Path part(Path folder, Hash modelId) {
        return folder.resolve(modelId.toHex() + PART);
    }

    private static Path map(Path folder, Hash modelId) {
        return folder.resolve(modelId.toHex() + MAP);
    }

    /** Goes on with what an earlier run left, or begins anew where that is of another length. */
    static PartialModel open(Path folder, Hash modelId, long modelBytes) throws IOException {
        Files.createDirectories(folder);
        BitSet present = left(folder, modelId, modelBytes);
        if (present.isEmpty()) {
            delete(folder, modelId);
        }
        FileChannel data = open(part(folder, modelId));
        try {
            FileChannel map = open(map(folder, modelId));
            write(map, ByteBuffer.allocate(Long.BYTES).putLong(0, modelBytes), 0);
            return new PartialModel(modelBytes, part(folder, modelId), data, map, present);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static BitSet left(Path folder, Hash modelId, long modelBytes) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(map(folder, modelId));
        } catch (NoSuchFileException e) {
            return new BitSet();
        }
        if (bytes.length < Long.BYTES
                || ByteBuffer.wrap(bytes).getLong() != modelBytes
                || !Files.isRegularFile(part(folder, modelId))) {
            return new BitSet();
        }
        BitSet present = BitSet.valueOf(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
        int chunks = ChunkCheck.chunks(modelBytes);
        if (present.length() > chunks) {
            present.clear(chunks, present.length());
        }
        return present;
    }

    /** The models that something is left of. */
    static List<Hash> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("0x[0-9a-f]{64}\\" + PART))
                    .map(name -> Hash.fromHex(name.substring(0, name.length() - PART.length())))
                    .toList();
        }
    }

    /** Forgets what there is of the model. */
    static void delete(Path folder, Hash modelId) throws IOException {
        Files.deleteIfExists(map(folder, modelId));
        Files.deleteIfExists(part(folder, modelId));
    }

    Path file() {
        return part;
    }

    long modelBytes() {
        return modelBytes;
    }

    synchronized BitSet present() {
        return (BitSet) present.clone();
    }

    /**
     * Keeps chunks that were checked.
     *
     * @param first number of the first one
     * @param chunks at least one, each following the one before
     */
    void write(int first, List<ModelChunk> chunks) throws IOException {
        int end = first + chunks.size();
        ByteBuffer bytes = ByteBuffer.allocate((int) (ChunkCheck.end(modelBytes, end - 1) - ChunkCheck.start(first)));
        chunks.forEach(chunk -> bytes.put(chunk.data().toArrayUnsafe()));
        write(data, bytes.flip(), ChunkCheck.start(first));
        synchronized (this) {
            present.set(first, end);
            int firstByte = first / Byte.SIZE;
            ByteBuffer bits = ByteBuffer.allocate((end - 1) / Byte.SIZE - firstByte + 1);
            for (int index = firstByte * Byte.SIZE; index < (firstByte + bits.capacity()) * Byte.SIZE; index++) {
                if (present.get(index)) {
                    int at = index / Byte.SIZE - firstByte;
                    bits.put(at, (byte) (bits.get(at) | 1 << index % Byte.SIZE));
                }
            }
            write(map, bits, Long.BYTES + firstByte);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
    }

    /** Makes what was written durable. */
    void sync() throws IOException {
        data.force(true);
    }

    @Override
    public void close() throws IOException {
        try {
            data.close();
        } finally {
            map.close();
        }
    }
}
