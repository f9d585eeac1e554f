package io.engram.inference.engine.cuda;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.FaultGuard;
import io.engram.inference.engine.ModelProgram;
import io.engram.inference.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs whole graphs on NVIDIA GPUs, through the driver alone. A device that fails is not used again; once none is left,
 * every run is a {@link io.engram.evm.LocalFaultException}.
 */
public final class CudaBackend implements Backend {

    private static final Logger LOG = LoggerFactory.getLogger(CudaBackend.class);

    /** With no multiprocessors to keep busy, plans take the large tiles for products of every size. */
    private static final int LARGE_TILES = 0;

    private final List<CudaDevice> devices;
    private final int multiprocessors;

    /** @param multiprocessors that plans are made for */
    private CudaBackend(List<CudaDevice> devices, int multiprocessors) {
        this.devices = List.copyOf(devices);
        this.multiprocessors = multiprocessors;
    }

    /** Why there is no CUDA here; empty when there is a driver with a device. */
    public static Optional<String> unavailable() {
        return switch (CudaLibrary.found()) {
            case CudaLibrary.Found.Absent absent -> Optional.of(absent.reason());
            case CudaLibrary.Found.Ready _ -> Optional.empty();
        };
    }

    /** Whether there is a driver, with devices or not. Unlike {@link #unavailable}, this does not start it. */
    public static boolean hasDriver() {
        return CudaLibrary.hasDriver();
    }

    /** How many devices the driver has, usable or not; 0 without a driver. */
    public static int devices() {
        return switch (CudaLibrary.found()) {
            case CudaLibrary.Found.Absent _ -> 0;
            case CudaLibrary.Found.Ready ready -> ready.driver().devices();
        };
    }

    /**
     * Which kernels fit a device: {@code mma} or {@code dp4a}.
     *
     * @throws IllegalStateException when there is no driver
     */
    public static String tier(int ordinal) {
        return CudaDevice.tier(driver().describe(ordinal));
    }

    /**
     * A device and its driver in words, for reports.
     *
     * @throws IllegalStateException when there is no driver
     */
    public static String description(int ordinal) {
        Driver.Facts facts = driver().describe(ordinal);
        return "%s, compute capability %d.%d, %d multiprocessors, %d MiB, driver for CUDA %s, %s kernels"
                .formatted(
                        facts.name(),
                        facts.capability() / 10,
                        facts.capability() % 10,
                        facts.multiprocessors(),
                        facts.memoryBytes() >> 20,
                        CudaLibrary.version(driver().version()),
                        tier(ordinal));
    }

    /**
     * All devices that can be used, each with the kernels that fit it.
     *
     * @throws IllegalStateException when there is none
     */
    public static CudaBackend open(CudaOptions options) {
        Driver driver = driver();
        List<CudaDevice> usable = new ArrayList<>();
        for (int i = 0; i < driver.devices(); i++) {
            try {
                CudaDevice device = CudaDevice.open(driver, i, options);
                LOG.info("Inference on {} with {} kernels", device, device.tier());
                usable.add(device);
            } catch (CudaException e) {
                LOG.warn("GPU {} is not used: {}", i, e.getMessage());
            }
        }
        return of(usable);
    }

    /**
     * Tests each device by itself, with the kernels that it would use for the test's networks and with those for large
     * products; one that fails is not used.
     *
     * @param test throws when its back end is wrong
     * @throws IllegalStateException when none passes
     */
    public void requireEach(Consumer<Backend> test) {
        for (CudaDevice device : devices) {
            try {
                test.accept(new CudaBackend(List.of(device), device.multiprocessors()));
                test.accept(new CudaBackend(List.of(device), LARGE_TILES));
            } catch (RuntimeException e) {
                device.fail(new CudaException(device.toString(), "failed its self-test: " + e.getMessage()));
            }
        }
        if (devices.stream().allMatch(device -> device.fault().isPresent())) {
            throw new IllegalStateException("no GPU can be used: " + fault().orElseThrow());
        }
    }

    /** One device, for tests and measurements. */
    public static CudaBackend open(CudaOptions options, int ordinal) {
        try {
            return of(List.of(CudaDevice.open(driver(), ordinal, options)));
        } catch (CudaException e) {
            throw new IllegalStateException("GPU " + ordinal + " cannot be used", e);
        }
    }

    /** @throws IllegalStateException when there is none */
    static CudaBackend of(List<CudaDevice> devices) {
        if (devices.isEmpty()) {
            throw new IllegalStateException("no GPU can be used");
        }
        return new CudaBackend(devices, devices.getFirst().multiprocessors());
    }

    private static Driver driver() {
        return switch (CudaLibrary.found()) {
            case CudaLibrary.Found.Ready ready -> ready.driver();
            case CudaLibrary.Found.Absent absent -> throw new IllegalStateException(absent.reason());
        };
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int runsAtOnce() {
        return devices.stream()
                .filter(device -> device.fault().isEmpty())
                .mapToInt(CudaDevice::lanes)
                .sum();
    }

    /** @throws io.engram.inference.engine.UnsupportedModelException when the kernels cannot compute the model */
    @Override
    public ModelProgram prepare(Model model) {
        return new FaultGuard(name(), model, () -> new CudaProgram(model, devices, multiprocessors));
    }

    /** The devices that are not used any more, each with the reason. */
    @Override
    public Optional<String> fault() {
        String faults = devices.stream()
                .flatMap(device ->
                        device.fault().stream().map(fault -> device + " is not used any more: " + fault.getMessage()))
                .collect(Collectors.joining("; "));
        return Optional.of(faults).filter(text -> !text.isEmpty());
    }

    @Override
    public String toString() {
        return "cuda on " + devices;
    }
}
