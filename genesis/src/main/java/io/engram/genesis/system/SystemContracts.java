package io.engram.genesis.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.engram.genesis.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.tuweni.bytes.Bytes;

/** Addresses and code of the contracts that the protocol calls or installs. */
public final class SystemContracts {

    /** The caller of system calls, of every EIP alike. */
    public static final Address CALLER = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffe");

    /** EIP-4788. */
    public static final Address BEACON_ROOTS = Address.fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
    /** EIP-2935. */
    public static final Address BLOCK_HASHES = Address.fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
    /** EIP-7002. */
    public static final Address WITHDRAWAL_REQUESTS = Address.fromHex("0x00000961ef480eb55e80d19ad83579a64c007002");
    /** EIP-7251. */
    public static final Address CONSOLIDATION_REQUESTS = Address.fromHex("0x0000bbddc7ce488642fb579f8b00f3a590007251");
    /** The main network's deposit contract (EIP-6110). */
    public static final Address DEPOSITS = Address.fromHex("0x00000000219ab540356cbb839cbe05303d7705fa");

    /** Gives Solidity access to the inference opcodes. */
    public static final Address INFERENCE_GATEWAY = Address.fromHex("0x00000000000000000000000000000000000a1000");
    /** Holds which models are callable. */
    public static final Address MODEL_REGISTRY = Address.fromHex("0x00000000000000000000000000000000000a1001");

    private SystemContracts() {}

    public static Bytes beaconRootsCode() {
        return code("eip4788.hex");
    }

    public static Bytes blockHashesCode() {
        return code("eip2935.hex");
    }

    public static Bytes withdrawalRequestsCode() {
        return code("eip7002.hex");
    }

    public static Bytes consolidationRequestsCode() {
        return code("eip7251.hex");
    }

    /** Source: contracts/src/InferenceGateway.yul. */
    public static Bytes gatewayCode() {
        return code("gateway.hex");
    }

    /** Source: contracts/src/ModelRegistry.sol. */
    public static Bytes registryCode() {
        return code("registry.hex");
    }

    private static Bytes code(String name) {
        try (InputStream stream = SystemContracts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the build lacks the resource io/engram/genesis/system/" + name);
            }
            return Bytes.fromHexString(new String(stream.readAllBytes(), US_ASCII).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
