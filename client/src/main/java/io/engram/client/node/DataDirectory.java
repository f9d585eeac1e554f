package io.engram.client.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The directory of one node, held by a lock so that no second process opens it. */
public final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the directory if needed and locks it.
     *
     * @throws IOException when it cannot be created, or another process holds it
     */
    public static DataDirectory open(Path path) throws IOException {
        Files.createDirectories(path);
        Path file = path.resolve("LOCK");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(path, channel);
            }
            return new DataDirectory(path, channel, lock);
        } catch (OverlappingFileLockException e) {
            throw inUse(path, channel);
        }
    }

    private static IOException inUse(Path path, FileChannel channel) throws IOException {
        channel.close();
        return new IOException("data path " + path.toAbsolutePath() + " is in use by another node");
    }

    public Path database() {
        return path.resolve("database");
    }

    public Path models() {
        return path.resolve("models");
    }

    public Path nodeKey() {
        return path.resolve("key");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
