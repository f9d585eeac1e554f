package io.engram.inference.engine.natives;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.FaultGuard;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs whole graphs on kernels in C, chosen by what the processor has; operators that they lack are computed by another
 * back end. Whatever goes wrong is a {@link io.engram.evm.LocalFaultException}.
 */
public final class NativeBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(NativeBackend.class);

    /** What memory of runs may stay held between them. */
    private static final long MAX_IDLE_BYTES = 256L << 20;

    private final Backend other;
    private final NativeOptions options;
    private final Kernels kernels;
    private final int tier;
    private final int hasher;
    private final ArenaPool pool = new ArenaPool(MAX_IDLE_BYTES);
    private final Team team;

    /**
     * @param other computes what the kernels do not know
     * @throws IllegalStateException when this build, system or processor has no kernels, or not the ones asked for
     */
    public NativeBackend(Backend other, NativeOptions options) {
        this.other = other;
        this.options = options;
        this.kernels = switch (NativeLibrary.loaded()) {
            case NativeLibrary.Loaded.Ready ready -> ready.kernels();
            case NativeLibrary.Loaded.Absent absent -> throw new IllegalStateException(absent.reason());
        };
        this.tier = choose("tier", kernels.tiers(), kernels::tierName, options.tier());
        this.hasher = choose("SHA-256", kernels.hashers(), kernels::hasherName, options.hasher());
        this.team = new Team(options.helpers());
        LOG.info(
                "Native inference kernels: products by {}, SHA-256 by {}",
                kernels.tierName(tier),
                kernels.hasherName(hasher));
    }

    /** Why there is no native back end here; empty when there is one. */
    public static Optional<String> unavailable() {
        return switch (NativeLibrary.loaded()) {
            case NativeLibrary.Loaded.Absent absent -> Optional.of(absent.reason());
            case NativeLibrary.Loaded.Ready ready ->
                ready.kernels().tiers() == 0 ? Optional.of("the kernels need a processor with AVX2") : Optional.empty();
        };
    }

    /** The tiers that this processor can run, fastest first; empty without a library. */
    public static List<String> tiers() {
        return NativeLibrary.loaded() instanceof NativeLibrary.Loaded.Ready(Kernels kernels)
                ? names(kernels.tiers(), kernels::tierName)
                : List.of();
    }

    /** The implementations of SHA-256 that this processor can run, fastest first; empty without a library. */
    public static List<String> hashers() {
        return NativeLibrary.loaded() instanceof NativeLibrary.Loaded.Ready(Kernels kernels)
                ? names(kernels.hashers(), kernels::hasherName)
                : List.of();
    }

    private static List<String> names(long able, IntFunction<String> name) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if ((able >> i & 1) != 0) {
                names.add(name.apply(i));
            }
        }
        return names;
    }

    private static int choose(String what, long able, IntFunction<String> name, Optional<String> wanted) {
        for (int i = 0; i < Long.SIZE; i++) {
            boolean fits = wanted.isEmpty() || wanted.get().equals(name.apply(i));
            if ((able >> i & 1) != 0 && fits) {
                return i;
            }
        }
        throw new IllegalStateException("this processor has no " + what + " " + wanted.orElse("at all"));
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public ModelProgram prepare(Model model) {
        return new FaultGuard(name(), model, () -> new NativeProgram(model, this, other));
    }

    @Override
    public String toString() {
        return "native by " + kernels.tierName(tier) + " and " + kernels.hasherName(hasher) + " with " + options;
    }

    NativeOptions options() {
        return options;
    }

    Kernels kernels() {
        return kernels;
    }

    int tier() {
        return tier;
    }

    int hasher() {
        return hasher;
    }

    ArenaPool pool() {
        return pool;
    }

    Team team() {
        return team;
    }
}
