package io.engram.inference.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCacheTest {

    @TempDir
    private Path system;

    @BeforeEach
    void fourProcessors() throws IOException {
        write("online", "0-3");
    }

    private void write(String file, String line) throws IOException {
        Path path = system.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, line + System.lineSeparator());
    }

    @Test
    void oneCacheForAllIsShared() throws IOException {
        write("cpu0/cache/index0/shared_cpu_list", "0-1");
        write("cpu0/cache/index3/shared_cpu_list", "0-3");
        assertThat(SharedCache.exists(system)).isTrue();
    }

    @Test
    void aCacheForEachHalfIsNot() throws IOException {
        write("cpu0/cache/index0/shared_cpu_list", "0");
        write("cpu0/cache/index3/shared_cpu_list", "0-1");
        assertThat(SharedCache.exists(system)).isFalse();
    }

    @Test
    void whatTheSystemDoesNotSayIsNotShared() throws IOException {
        assertThat(SharedCache.exists(system)).isFalse();
        Files.createDirectories(system.resolve("cpu0/cache/index0"));
        assertThat(SharedCache.exists(system)).isFalse();
    }
}
