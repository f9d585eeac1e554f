package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Transactions as the transition tool takes them: an array of objects, signed or with a key, or a string of RLP. */
final class ToolTransactions {

    private static final BigInteger EIP_155 = BigInteger.valueOf(35);

    /** One transaction of the input. */
    sealed interface Entry {
        record Decoded(Transaction transaction) implements Entry {}

        record Refused(String reason) implements Entry {}
    }

    private ToolTransactions() {}

    /** @throws IllegalArgumentException when the whole is neither an array nor RLP of a list */
    static List<Entry> read(JsonNode input, long chainId) {
        List<Entry> entries = new ArrayList<>();
        if (input.isTextual()) {
            readRlp(Bytes.fromHexString(input.asText()), entries);
        } else {
            input.forEach(json -> entries.add(entry(json, chainId)));
        }
        return entries;
    }

    private static void readRlp(Bytes rlp, List<Entry> entries) {
        try {
            RlpReader list = RlpReader.ofList(rlp);
            while (list.hasNext()) {
                boolean typed = !list.nextIsList();
                Bytes encoded = typed ? list.readBytes() : list.readRaw();
                try {
                    entries.add(new Entry.Decoded(TransactionCodec.decode(encoded)));
                } catch (RlpException e) {
                    entries.add(new Entry.Refused(String.valueOf(e.getMessage())));
                }
            }
        } catch (RlpException e) {
            throw new IllegalArgumentException("the transactions are not a list in RLP: " + e.getMessage(), e);
        }
    }

    private static Entry entry(JsonNode json, long chainId) {
        try {
            return new Entry.Decoded(transaction(json, chainId));
        } catch (IllegalArgumentException e) {
            return new Entry.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static Transaction transaction(JsonNode json, long chainId) {
        int code = Fields.number(json, "type", "0x0").intValueExact();
        TransactionType type = TransactionType.ofCode(code)
                .orElseThrow(() -> new IllegalArgumentException("transaction type " + code + " is not supported"));
        boolean signs = json.hasNonNull("secretKey")
                && Fields.number(json, "r", "0x0").signum() == 0
                && Fields.number(json, "s", "0x0").signum() == 0;
        BigInteger v = Fields.number(json, json.hasNonNull("v") ? "v" : "yParity", "0x0");
        UnsignedTransaction content = content(json, type, chain(json, type, chainId, signs, v));
        if (signs) {
            return content.sign(KeyPair.of(Fields.hash(json.path("secretKey"))));
        }
        return content.withSignature(
                new Signature(Fields.hash(json.path("r")), Fields.hash(json.path("s")), parity(type, v)));
    }

    private static Optional<UInt256> chain(
            JsonNode json, TransactionType type, long chainId, boolean signs, BigInteger v) {
        if (type.isTyped()) {
            return Optional.of(UInt256.valueOf(Fields.number(json, "chainId", Long.toString(chainId))));
        }
        if (signs) {
            return json.path("protected").asBoolean(true) ? Optional.of(UInt256.valueOf(chainId)) : Optional.empty();
        }
        return v.compareTo(EIP_155) < 0
                ? Optional.empty()
                : Optional.of(UInt256.valueOf(v.subtract(EIP_155).shiftRight(1)));
    }

    private static int parity(TransactionType type, BigInteger v) {
        BigInteger parity = v;
        if (!type.isTyped()) {
            parity = v.compareTo(EIP_155) >= 0
                    ? v.subtract(EIP_155).and(BigInteger.ONE)
                    : v.subtract(BigInteger.valueOf(27));
        }
        if (parity.signum() < 0 || parity.compareTo(BigInteger.ONE) > 0) {
            throw new IllegalArgumentException("invalid transaction v, r, s values");
        }
        return parity.intValue();
    }

    private static UnsignedTransaction content(JsonNode json, TransactionType type, Optional<UInt256> chain) {
        BigInteger gasPrice = Fields.number(json, "gasPrice", "0x0");
        boolean market = type.hasFeeMarket();
        String to = json.path("to").asText("");
        List<Hash> blobs = new ArrayList<>();
        json.path("blobVersionedHashes").forEach(hash -> blobs.add(Fields.hash(hash)));
        return new UnsignedTransaction(
                type,
                chain,
                Fields.unsignedLong(Fields.number(json, "nonce", "0x0")),
                Wei.of(market ? Fields.number(json, "maxPriorityFeePerGas", "0x0") : gasPrice),
                Wei.of(market ? Fields.number(json, "maxFeePerGas", "0x0") : gasPrice),
                Fields.unsignedLong(Fields.number(json, json.has("gas") ? "gas" : "gasLimit", "0x0")),
                to.isEmpty() || json.path("to").isNull() ? Optional.empty() : Optional.of(Address.fromHex(to)),
                Wei.of(Fields.number(json, "value", "0x0")),
                Bytes.fromHexString(
                        json.path(json.has("input") ? "input" : "data").asText("0x")),
                TestTransactions.accessList(json.path("accessList")),
                type == TransactionType.BLOB
                        ? Optional.of(Wei.of(Fields.number(json, "maxFeePerBlobGas", "0x0")))
                        : Optional.empty(),
                blobs,
                TestTransactions.authorizations(json.path("authorizationList")));
    }
}
