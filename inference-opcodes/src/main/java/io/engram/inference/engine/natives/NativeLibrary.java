package io.engram.inference.engine.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;

/** The library in the class path, loaded once. */
final class NativeLibrary {

    private static final String OWNER_ONLY = "rwx------";

    private NativeLibrary() {}

    /** What came of loading: the kernels, or why there are none. */
    sealed interface Loaded {

        record Ready(Kernels kernels) implements Loaded {}

        record Absent(String reason) implements Loaded {}
    }

    private static final class Holder {
        static final Loaded LOADED = load(resource());
    }

    static Loaded loaded() {
        return Holder.LOADED;
    }

    private static String resource() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        return system + "-" + machine + ".so";
    }

    /** @param name of a resource of this package, or an absolute one */
    static Loaded load(String name) {
        try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
            if (in == null) {
                return new Loaded.Absent("this build has no native library for " + name.replace(".so", ""));
            }
            return new Loaded.Ready(extracted(in.readAllBytes()));
        } catch (IOException | IllegalStateException | UnsupportedOperationException | LinkageError e) {
            return new Loaded.Absent(e.toString());
        }
    }

    /** The system loads from files only: one that nobody else can write, checked, and gone once it is loaded. */
    private static Kernels extracted(byte[] library) throws IOException {
        Path folder = Files.createTempDirectory(
                "engram-native-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        Path file = folder.resolve("kernels.so");
        try {
            Files.write(file, library);
            if (!Arrays.equals(Files.readAllBytes(file), library)) {
                throw new IOException(file + " does not hold what was written to it");
            }
            return new Kernels(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
