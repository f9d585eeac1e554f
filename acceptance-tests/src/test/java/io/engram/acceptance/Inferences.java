package io.engram.acceptance;

import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.model.Model;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;

/** Calls of a model through the gateway. */
final class Inferences {

    private static final Bytes INFER = Bytes.fromHexString("0x54616cd8");
    private static final int WORD = 32;

    private Inferences() {}

    /** {@code infer(bytes32,bytes)} with an input that follows from the seed. */
    static Bytes call(Model model, long seed) {
        byte[] input = new byte[model.facts().inputBytes()];
        new SplittableRandom(seed).nextBytes(input);
        int padding = Math.floorMod(-input.length, WORD);
        return Bytes.concatenate(
                INFER,
                model.id().toBytes(),
                word(2 * WORD),
                word(input.length),
                Bytes.wrap(input),
                Bytes.wrap(new byte[padding]));
    }

    /** A transaction that makes such a call, as it is sent. */
    static Bytes transaction(Model model, long seed, long chainId, long nonce, KeyPair sender) {
        return UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(chainId)
                .nonce(nonce)
                .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                .gasLimit(10_000_000)
                .to(SystemContracts.INFERENCE_GATEWAY)
                .data(call(model, seed))
                .sign(sender)
                .encoded();
    }

    private static Bytes word(int value) {
        return Bytes.concatenate(Bytes.wrap(new byte[WORD - Integer.BYTES]), Bytes.ofUnsignedInt(value));
    }
}
