package io.engram.evm.statetest;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.BlockRoom;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One case of a state test: a transaction on a state, and the root and logs that must come of it.
 *
 * @param test the whole test
 * @param post the case
 */
record StateTest(String name, String network, JsonNode test, JsonNode post) {

    private static final Map<String, Fork> NETWORKS = Map.ofEntries(
            Map.entry("Frontier", Fork.FRONTIER),
            Map.entry("Homestead", Fork.HOMESTEAD),
            Map.entry("EIP150", Fork.TANGERINE_WHISTLE),
            Map.entry("EIP158", Fork.SPURIOUS_DRAGON),
            Map.entry("Byzantium", Fork.BYZANTIUM),
            Map.entry("Constantinople", Fork.CONSTANTINOPLE),
            Map.entry("ConstantinopleFix", Fork.PETERSBURG),
            Map.entry("Istanbul", Fork.ISTANBUL),
            Map.entry("Berlin", Fork.BERLIN),
            Map.entry("London", Fork.LONDON),
            Map.entry("Paris", Fork.PARIS),
            Map.entry("Merge", Fork.PARIS),
            Map.entry("Shanghai", Fork.SHANGHAI),
            Map.entry("Cancun", Fork.CANCUN),
            Map.entry("Prague", Fork.PRAGUE),
            Map.entry("Osaka", Fork.OSAKA));

    private static final Signature NO_SIGNATURE = new Signature(Hash.ZERO, Hash.ZERO, 0);
    private static final TransactionProcessor PROCESSOR = new TransactionProcessor(Precompiles::at, List.of());

    /** Every case of a file's tests; networks that are no fork of this client are left out. */
    static List<StateTest> all(JsonNode file) {
        List<StateTest> cases = new ArrayList<>();
        file.properties()
                .forEach(named -> named.getValue()
                        .path("post")
                        .properties()
                        .forEach(fork -> fork.getValue().forEach(post -> {
                            if (NETWORKS.containsKey(fork.getKey())) {
                                cases.add(new StateTest(named.getKey(), fork.getKey(), named.getValue(), post));
                            }
                        })));
        return cases;
    }

    Fork fork() {
        return Optional.ofNullable(NETWORKS.get(network)).orElseThrow();
    }

    /** Runs the case. @return what is wrong, or nothing */
    Optional<String> run() {
        return run(Tracer.NONE);
    }

    Optional<String> run(Tracer tracer) {
        MemoryState state = state(test.path("pre"));
        Journal journal = new Journal(state, new CodeCache(1 << 20));
        boolean mustFail = post.hasNonNull("expectException");
        BlockContext block = block();
        TransactionOutcome outcome;
        try {
            Transaction transaction = transaction();
            outcome = PROCESSOR.process(
                    transaction,
                    address(test.path("transaction").path("sender")),
                    block,
                    new BlockRoom(block.gasLimit(), blobSchedule().maxGas()),
                    journal,
                    tracer);
        } catch (IllegalArgumentException e) {
            if (mustFail) {
                return Optional.empty();
            }
            throw e;
        }
        boolean executed = outcome instanceof TransactionOutcome.Executed;
        if (executed == mustFail) {
            return Optional.of(outcome + ", expected exception " + post.path("expectException"));
        }
        // The tests were made with a block reward of 0, the older ones (without "state") even after a rejection.
        if (executed || !post.has("state")) {
            journal.beginTransaction();
            journal.addBalance(block.coinbase(), Wei.ZERO);
            journal.commitTransaction(fork().isAtLeast(Fork.SPURIOUS_DRAGON));
        }
        state.apply(journal.changes());
        Hash root = state.root();
        Hash expected = Hash.fromHex(post.path("hash").asText());
        if (!root.equals(expected)) {
            String difference = post.hasNonNull("state") ? state.difference(state(post.path("state"))) : "";
            return Optional.of("state root " + root + ", expected " + expected + "\n" + outcome + "\n" + difference);
        }
        List<Log> logs = outcome instanceof TransactionOutcome.Executed e ? e.logs() : List.of();
        Hash logsHash = Keccak256.hash(RlpWriter.list(out -> logs.forEach(log -> ReceiptCodec.writeLog(out, log))));
        return !mustFail && !logsHash.toHex().equals(post.path("logs").asText())
                ? Optional.of("logs " + logsHash + ", expected " + post.path("logs"))
                : Optional.empty();
    }

    static MemoryState state(JsonNode pre) {
        MemoryState state = new MemoryState();
        pre.properties().forEach(entry -> {
            JsonNode account = entry.getValue();
            Map<UInt256, UInt256> slots = new HashMap<>();
            account.path("storage")
                    .properties()
                    .forEach(slot -> slots.put(
                            UInt256.valueOf(number(slot.getKey())),
                            UInt256.valueOf(number(slot.getValue().asText()))));
            state.put(
                    Address.fromHex(entry.getKey()),
                    number(account.path("nonce").asText()).longValue(),
                    Wei.of(number(account.path("balance").asText())),
                    Bytes.fromHexString(account.path("code").asText()),
                    slots);
        });
        return state;
    }

    private BlobSchedule blobSchedule() {
        JsonNode config = test.path("config").path("blobSchedule").path(network);
        if (config.isMissingNode()) {
            return fork().isAtLeast(Fork.PRAGUE) ? BlobSchedule.PRAGUE : BlobSchedule.CANCUN;
        }
        return new BlobSchedule(
                number(config.path("target").asText()).intValue(),
                number(config.path("max").asText()).intValue(),
                number(config.path("baseFeeUpdateFraction").asText()).longValue());
    }

    private BlockContext block() {
        JsonNode env = test.path("env");
        boolean paris = fork().isAtLeast(Fork.PARIS);
        String difficulty = paris && env.has("currentRandom") ? "currentRandom" : "currentDifficulty";
        Wei baseFee = fork().isAtLeast(Fork.LONDON) ? Wei.of(number(env, "currentBaseFee", "0x0a")) : Wei.ZERO;
        Wei blobBaseFee = fork().isAtLeast(Fork.CANCUN)
                ? BlobGas.baseFee(number(env, "currentExcessBlobGas", "0x0").longValue(), blobSchedule())
                : Wei.ZERO;
        return new BlockContext(
                fork(),
                UInt256.valueOf(number(test.path("config"), "chainid", "0x1")),
                number(env, "currentNumber", "0x0").longValue(),
                number(env, "currentTimestamp", "0x0").longValue(),
                number(env, "currentGasLimit", "0x0").longValue(),
                address(env.path("currentCoinbase")),
                UInt256.valueOf(number(env, difficulty, "0x0")),
                baseFee,
                blobBaseFee,
                n -> Keccak256.hash(Long.toString(n).getBytes(StandardCharsets.US_ASCII)));
    }

    private Transaction transaction() {
        JsonNode fields = test.path("transaction");
        int data = post.path("indexes").path("data").asInt();
        JsonNode accessList = fields.path("accessLists").path(data);
        boolean hasAccessList = accessList.isArray();
        TransactionType type = TransactionType.LEGACY;
        if (fields.has("authorizationList")) {
            type = TransactionType.SET_CODE;
        } else if (fields.has("blobVersionedHashes") || fields.has("maxFeePerBlobGas")) {
            type = TransactionType.BLOB;
        } else if (fields.has("maxFeePerGas")) {
            type = TransactionType.FEE_MARKET;
        } else if (hasAccessList) {
            type = TransactionType.ACCESS_LIST;
        }
        Wei maxFee = Wei.of(number(fields, type.hasFeeMarket() ? "maxFeePerGas" : "gasPrice", "0x0"));
        Wei priority = type.hasFeeMarket() ? Wei.of(number(fields, "maxPriorityFeePerGas", "0x0")) : maxFee;
        String to = fields.path("to").asText("");
        List<AccessListEntry> entries = new ArrayList<>();
        accessList.forEach(entry -> {
            List<Hash> slots = new ArrayList<>();
            entry.path("storageKeys").forEach(key -> slots.add(word(key.asText())));
            entries.add(new AccessListEntry(address(entry.path("address")), slots));
        });
        List<Hash> blobs = new ArrayList<>();
        fields.path("blobVersionedHashes").forEach(hash -> blobs.add(Hash.fromHex(hash.asText())));
        List<Authorization> authorizations = new ArrayList<>();
        fields.path("authorizationList").forEach(entry -> authorizations.add(authorization(entry)));
        BigInteger gasLimit = number(fields.path("gasLimit")
                .path(post.path("indexes").path("gas").asInt())
                .asText());
        BigInteger nonce = number(fields, "nonce", "0x0");
        if (gasLimit.bitLength() > 63 || nonce.bitLength() > 64) {
            throw new IllegalArgumentException("not encodable");
        }
        return new Transaction(
                type,
                type == TransactionType.LEGACY
                        ? Optional.empty()
                        : Optional.of(UInt256.valueOf(number(test.path("config"), "chainid", "0x1"))),
                nonce.longValue(),
                priority,
                maxFee,
                gasLimit.longValue(),
                to.isEmpty() ? Optional.empty() : Optional.of(Address.fromHex(to)),
                Wei.of(number(fields.path("value")
                        .path(post.path("indexes").path("value").asInt())
                        .asText())),
                Bytes.fromHexString(fields.path("data").path(data).asText()),
                entries,
                type == TransactionType.BLOB
                        ? Optional.of(Wei.of(number(fields, "maxFeePerBlobGas", "0x0")))
                        : Optional.empty(),
                blobs,
                authorizations,
                NO_SIGNATURE);
    }

    private static Authorization authorization(JsonNode entry) {
        BigInteger nonce = number(entry, "nonce", "0x0");
        BigInteger parity = number(entry, entry.has("yParity") ? "yParity" : "v", "0x0");
        if (nonce.bitLength() > 64 || parity.bitLength() > 8) {
            throw new IllegalArgumentException("not encodable");
        }
        return new Authorization(
                UInt256.valueOf(number(entry, "chainId", "0x0")),
                address(entry.path("address")),
                nonce.longValue(),
                parity.intValue(),
                word(entry.path("r").asText()),
                word(entry.path("s").asText()));
    }

    private static Hash word(String hex) {
        return Hash.of(UInt256.valueOf(number(hex)).toBytes());
    }

    private static Address address(JsonNode node) {
        return Address.fromHex(node.asText());
    }

    private static BigInteger number(JsonNode node, String field, String otherwise) {
        return number(node.path(field).asText(otherwise));
    }

    /** @throws IllegalArgumentException for values that no encoding can carry ("0x:bigint …") */
    static BigInteger number(String text) {
        if (text.startsWith("0x:bigint")) {
            throw new IllegalArgumentException("not encodable");
        }
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        if (digits.isEmpty()) {
            return BigInteger.ZERO;
        }
        return new BigInteger(digits, text.startsWith("0x") ? 16 : 10);
    }
}
