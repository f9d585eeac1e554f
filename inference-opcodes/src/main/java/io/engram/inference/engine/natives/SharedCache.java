package io.engram.inference.engine.natives;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the processors of this machine have a cache in common, as far as Linux says. */
final class SharedCache {

    private static final Path SYSTEM = Path.of("/sys/devices/system/cpu");

    private SharedCache() {}

    /** Of this machine. */
    static boolean exists() {
        return exists(SYSTEM);
    }

    /** @return false where the system does not say, as in many virtual machines */
    static boolean exists(Path system) {
        try (DirectoryStream<Path> caches = Files.newDirectoryStream(system.resolve("cpu0/cache"), "index*")) {
            String all = read(system.resolve("online"));
            for (Path cache : caches) {
                if (read(cache.resolve("shared_cpu_list")).equals(all)) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
