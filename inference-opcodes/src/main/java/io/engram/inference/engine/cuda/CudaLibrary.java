package io.engram.inference.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** The driver of this machine, looked for once. */
final class CudaLibrary {

    /** CUDA 10.0, the first that knows the PTX of the lower tier. */
    private static final int OLDEST = 10_000;

    private static final String LIBRARY = "libcuda.so.1";

    private CudaLibrary() {}

    /** What came of looking: a driver with devices, or why there is none. */
    sealed interface Found {

        record Ready(Driver driver) implements Found {}

        record Absent(String reason) implements Found {}
    }

    private static final class Holder {
        static final Found FOUND = find();
    }

    static Found found() {
        return Holder.FOUND;
    }

    private static Found find() {
        if (!hasDriver()) {
            return new Found.Absent("no NVIDIA driver (" + LIBRARY + ") on this machine");
        }
        try {
            Driver driver = JavaCppDriver.load();
            if (driver.version() < OLDEST) {
                return new Found.Absent("the NVIDIA driver knows CUDA " + version(driver.version())
                        + ", the kernels need " + version(OLDEST));
            }
            return driver.devices() > 0 ? new Found.Ready(driver) : new Found.Absent("the NVIDIA driver has no device");
        } catch (CudaException e) {
            return new Found.Absent(String.valueOf(e.getMessage()));
        } catch (LinkageError e) {
            return new Found.Absent("the NVIDIA driver cannot be called: " + reason(e));
        }
    }

    /** Looked for first: without it, unpacking what calls it would be in vain. */
    @SuppressWarnings("restricted") // looked up, not called
    static boolean hasDriver() {
        try (Arena arena = Arena.ofConfined()) {
            return SymbolLookup.libraryLookup(LIBRARY, arena).find("cuInit").isPresent();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** As people write it. */
    static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    /** The innermost cause: the file that is missing. */
    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        for (Throwable inner = cause.getCause(); inner != null; inner = inner.getCause()) {
            cause = inner;
        }
        return String.valueOf(cause.getMessage());
    }
}
