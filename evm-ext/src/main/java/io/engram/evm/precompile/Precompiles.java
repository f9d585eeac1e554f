package io.engram.evm.precompile;

import io.engram.genesis.Address;
import io.engram.genesis.fork.Fork;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Which precompiled contracts exist at a fork, by address. Immutable and thread-safe. */
public final class Precompiles {

    private static final Map<Fork, Map<Address, Precompile>> BY_FORK = build();

    private Precompiles() {}

    /** The contracts active at {@code fork}; immutable, the same map at every call. */
    public static Map<Address, Precompile> at(Fork fork) {
        Map<Address, Precompile> active = BY_FORK.get(fork);
        if (active == null) {
            throw new IllegalStateException("no precompiles for " + fork);
        }
        return active;
    }

    private static Map<Fork, Map<Address, Precompile>> build() {
        Map<Fork, Map<Address, Precompile>> byFork = new EnumMap<>(Fork.class);
        Map<Address, Precompile> active = new HashMap<>();
        for (Fork fork : Fork.values()) {
            activate(fork, active);
            byFork.put(fork, Map.copyOf(active));
        }
        return byFork;
    }

    /** Adds what a fork brings to the contracts of the one before it. */
    private static void activate(Fork fork, Map<Address, Precompile> active) {
        switch (fork) {
            case FRONTIER -> {
                active.put(address(0x01), new EcRecover());
                active.put(address(0x02), new Sha256());
                active.put(address(0x03), new Ripemd160());
                active.put(address(0x04), new Identity());
            }
            case BYZANTIUM -> {
                active.put(address(0x05), new ModExp(ModExpPricing.EIP_198));
                active.put(address(0x06), new Bn254Add(500));
                active.put(address(0x07), new Bn254Mul(40_000));
                active.put(address(0x08), new Bn254PairingCheck(100_000, 80_000));
            }
            case ISTANBUL -> {
                active.put(address(0x06), new Bn254Add(150));
                active.put(address(0x07), new Bn254Mul(6_000));
                active.put(address(0x08), new Bn254PairingCheck(45_000, 34_000));
                active.put(address(0x09), new Blake2F());
            }
            case BERLIN -> active.put(address(0x05), new ModExp(ModExpPricing.EIP_2565));
            case CANCUN -> active.put(address(0x0a), new PointEvaluation());
            case PRAGUE -> {
                active.put(address(0x0b), new Bls12G1Add());
                active.put(address(0x0c), new Bls12G1Msm());
                active.put(address(0x0d), new Bls12G2Add());
                active.put(address(0x0e), new Bls12G2Msm());
                active.put(address(0x0f), new Bls12PairingCheck());
                active.put(address(0x10), new Bls12MapFpToG1());
                active.put(address(0x11), new Bls12MapFp2ToG2());
            }
            case OSAKA -> {
                active.put(address(0x05), new ModExp(ModExpPricing.EIP_7883));
                active.put(address(0x100), new P256Verify());
            }
            case HOMESTEAD,
                    TANGERINE_WHISTLE,
                    SPURIOUS_DRAGON,
                    CONSTANTINOPLE,
                    PETERSBURG,
                    LONDON,
                    PARIS,
                    SHANGHAI -> {}
        }
    }

    private static Address address(long low) {
        return new Address(0, 0, low);
    }
}
