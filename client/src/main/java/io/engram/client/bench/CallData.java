package io.engram.client.bench;

import io.engram.genesis.Hash;
import io.engram.genesis.crypto.FunctionSelector;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Call data of the inference gateway. */
final class CallData {

    private static final int WORD = 32;

    private CallData() {}

    /** {@code infer(bytes32,bytes)} of the gateway. */
    static Bytes infer(Hash modelId, Bytes input) {
        int padding = Math.ceilDiv(input.size(), WORD) * WORD - input.size();
        return Bytes.concatenate(
                FunctionSelector.of("infer(bytes32,bytes)"),
                modelId.toBytes(),
                UInt256.valueOf(2L * WORD).toBytes(),
                UInt256.valueOf(input.size()).toBytes(),
                input,
                Bytes.wrap(new byte[padding]));
    }
}
