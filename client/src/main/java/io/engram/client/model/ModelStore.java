package io.engram.client.model;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The model files of this node: {@code models/<modelId>.egm} in the data path, each named by its content. A file is
 * there whole or not at all, and is checked against its name whenever it is loaded. Thread-safe; several processes may
 * use one folder.
 */
public final class ModelStore {

    /** Memory for loaded models, counted by the size of their files, where nobody else keeps them. */
    public static final long DEFAULT_CACHE_BYTES = 512L << 20;

    /** Models that are read from disk at once, at most. */
    private static final int READERS = 8;

    private static final String SUFFIX = ".egm";

    private final Path folder;
    private final InferenceConfig.Limits limits;
    private final long cacheBytes;
    private final ReentrantLock lock = new ReentrantLock();

    /** In order of last use. The latest one stays even when it alone exceeds the bound. */
    private final LinkedHashMap<Hash, Model> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /** All that somebody still holds, for instance the engine that keeps them prepared. */
    private final Map<Hash, WeakReference<Model>> inUse = new HashMap<>();

    /** Under one of these a model is read, so that it is read once and others are not held up. */
    private final List<ReentrantLock> reading =
            Stream.generate(ReentrantLock::new).limit(READERS).toList();

    private long loadedBytes;

    /**
     * Makes the folder where it does not exist.
     *
     * @param cacheBytes memory for models that nobody else holds
     */
    public ModelStore(Path folder, InferenceConfig.Limits limits, long cacheBytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.limits = limits;
        this.cacheBytes = cacheBytes;
    }

    /** Where the file of this model is, or would be. */
    public Path path(Hash modelId) {
        return folder.resolve(modelId.toHex() + SUFFIX);
    }

    public boolean contains(Hash modelId) {
        return Files.isRegularFile(path(modelId));
    }

    /** Where the files are. */
    public Path folder() {
        return folder;
    }

    /** What the chain's rules allow a model. */
    public InferenceConfig.Limits limits() {
        return limits;
    }

    /** The models that are here, in order of id; none when somebody took the folder away. */
    public List<Hash> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> idOf(file.getFileName().toString()))
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Hash> idOf(String name) {
        boolean isModel = name.matches("0x[0-9a-f]{64}\\" + SUFFIX);
        return isModel
                ? Optional.of(Hash.fromHex(name.substring(0, name.length() - SUFFIX.length())))
                : Optional.empty();
    }

    /**
     * Checks a model file and keeps it; nothing happens when it is there already.
     *
     * @throws MalformedModelException when the bytes are not a canonical, sound model
     */
    public Model add(byte[] file) throws MalformedModelException, IOException {
        Model model = Model.load(file, limits);
        Path target = path(model.id());
        if (!Files.exists(target)) {
            Path temporary = Files.createTempFile(Files.createDirectories(folder), "incoming-", ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(file);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                syncFolder();
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
        remember(model);
        return model;
    }

    /**
     * Checks a file that was put together in the folder and makes it the model's.
     *
     * @return empty when its content is not that of this model; the file is as it was then
     * @throws MalformedModelException when the bytes are not a canonical, sound model
     */
    public Optional<Model> adopt(Path file, Hash modelId) throws MalformedModelException, IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (!Commitments.modelId(bytes).equals(modelId)) {
            return Optional.empty();
        }
        Model model = Model.load(bytes, modelId, limits);
        Files.move(file, path(modelId), StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
        remember(model);
        return Optional.of(model);
    }

    /** Takes the file away if its content is not what its name says. */
    public void removeIfDamaged(Hash modelId) throws IOException {
        Optional<byte[]> file = file(modelId);
        if (file.isPresent()
                && (file.get().length == 0 || !Commitments.modelId(file.get()).equals(modelId))) {
            Files.delete(path(modelId));
        }
    }

    /** Makes the new name itself durable. */
    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The bytes of a model's file, unchecked; empty when it is not here. */
    public Optional<byte[]> file(Hash modelId) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path(modelId)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The checked model.
     *
     * @throws LocalFaultException when the file is missing, unreadable or not what its name says
     */
    public Model load(Hash modelId) {
        Optional<Model> known = known(modelId);
        if (known.isPresent()) {
            return known.get();
        }
        ReentrantLock one = reading.get(Math.floorMod(modelId.hashCode(), READERS));
        one.lock();
        try {
            Optional<Model> meanwhile = known(modelId);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Model model = read(modelId);
            remember(model);
            return model;
        } finally {
            one.unlock();
        }
    }

    private Optional<Model> known(Hash modelId) {
        lock.lock();
        try {
            return Optional.ofNullable(loaded.get(modelId))
                    .or(() -> Optional.ofNullable(inUse.get(modelId)).map(WeakReference::get));
        } finally {
            lock.unlock();
        }
    }

    private Model read(Hash modelId) {
        try {
            return readChecked(modelId);
        } catch (OutOfMemoryError e) {
            throw new LocalFaultException("model " + modelId + ": no memory to load " + path(modelId), e);
        }
    }

    private Model readChecked(Hash modelId) {
        byte[] file;
        try {
            long size = Files.size(path(modelId));
            if (size > limits.maxModelBytes()) {
                throw new LocalFaultException("model " + modelId + ": " + path(modelId) + " has " + size
                        + " bytes, the limit is " + limits.maxModelBytes());
            }
            file = Files.readAllBytes(path(modelId));
        } catch (NoSuchFileException e) {
            throw new LocalFaultException(
                    "model " + modelId + " is not on this node: put its file into " + folder + " as " + modelId
                            + SUFFIX,
                    e);
        } catch (IOException e) {
            throw new LocalFaultException("model " + modelId + ": cannot read " + path(modelId) + ": " + e, e);
        }
        try {
            return Model.loadIdentified(file, modelId, limits, ForkJoinPool.commonPool())
                    .orElseThrow(() -> new LocalFaultException("model " + modelId + ": " + path(modelId)
                            + " holds something else; the file is damaged, replace it"));
        } catch (MalformedModelException e) {
            throw new LocalFaultException(
                    "model " + modelId + ": " + path(modelId) + " is refused by the checker: " + e.getMessage(), e);
        }
    }

    private void remember(Model model) {
        lock.lock();
        try {
            inUse.values().removeIf(held -> held.get() == null);
            inUse.put(model.id(), new WeakReference<>(model));
            if (loaded.put(model.id(), model) == null) {
                loadedBytes += model.facts().fileBytes();
            }
            Iterator<Map.Entry<Hash, Model>> oldest = loaded.entrySet().iterator();
            while (loadedBytes > cacheBytes && loaded.size() > 1) {
                Map.Entry<Hash, Model> entry = oldest.next();
                loadedBytes -= entry.getValue().facts().fileBytes();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
