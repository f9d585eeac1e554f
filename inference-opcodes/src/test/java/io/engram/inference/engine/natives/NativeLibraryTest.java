package io.engram.inference.engine.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.inference.engine.reference.ReferenceBackend;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

    @Test
    void aLibraryThatTheBuildLacksIsAbsentWithItsReason() {
        assertThat(NativeLibrary.load("plan9-mips.so"))
                .isEqualTo(new NativeLibrary.Loaded.Absent("this build has no native library for plan9-mips"));
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedWithItsReason() {
        NativeLibrary.Loaded loaded = NativeLibrary.load("/io/engram/inference/golden.txt");
        assertThat(loaded).isInstanceOf(NativeLibrary.Loaded.Absent.class);
        assertThat(((NativeLibrary.Loaded.Absent) loaded).reason()).contains("cannot be loaded");
    }

    @Test
    void aTierThatThisProcessorLacksIsRefused() {
        NativeOptions options = NativeOptions.ofThreads(1).withTier("none such");
        assertThatThrownBy(() -> new NativeBackend(new ReferenceBackend(), options))
                .isInstanceOf(IllegalStateException.class);
        assertThat(options.tier()).isEqualTo(Optional.of("none such"));
    }
}
