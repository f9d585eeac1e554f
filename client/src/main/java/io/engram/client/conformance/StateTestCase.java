package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.BlockRoom;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One case of a state test: a transaction on a state, and the root and logs that must come of it.
 *
 * @param test the whole test
 * @param post the case
 * @param roots of {@code pre}
 */
record StateTestCase(JsonNode test, JsonNode post, String network, Fork fork, MemoryState pre, StateRoots roots) {

    /** @param rejection why the transaction was not executed */
    record Outcome(
            Hash stateRoot, Hash logsHash, Bytes output, long gasUsed, Optional<String> rejection, Journal journal) {}

    private boolean mustFail() {
        return post.hasNonNull("expectException");
    }

    Outcome execute(TransactionProcessor processor, CodeCache codes, Tracer tracer) {
        Journal journal = new Journal(pre, codes);
        BlockContext block = block();
        Optional<String> rejection = Optional.empty();
        Bytes output = Bytes.EMPTY;
        List<Log> logs = List.of();
        long gasUsed = 0;
        try {
            Transaction transaction = TestTransactions.ofStateTest(test, post.path("indexes"));
            BlockRoom room = new BlockRoom(block.gasLimit(), blobSchedule().maxGas());
            TransactionOutcome outcome = processor.process(
                    transaction, Fields.address(test.path("transaction").path("sender")), block, room, journal, tracer);
            switch (outcome) {
                case TransactionOutcome.Executed executed -> {
                    output = executed.output();
                    logs = executed.logs();
                    gasUsed = executed.gasUsed();
                }
                case TransactionOutcome.Rejected rejected ->
                    rejection = Optional.of(rejected.reason() + ": " + rejected.detail());
                case TransactionOutcome.Excluded excluded -> rejection = Optional.of(excluded.reason());
            }
        } catch (IllegalArgumentException e) {
            if (!mustFail()) {
                throw e;
            }
            rejection = Optional.of("no encoding can carry it: " + e.getMessage());
        }
        // The tests were made with a block reward of 0, the older ones (without "state") even after a rejection.
        if (rejection.isEmpty() || !post.has("state")) {
            journal.beginTransaction();
            journal.addBalance(block.coinbase(), Wei.ZERO);
            journal.commitTransaction(fork.isAtLeast(Fork.SPURIOUS_DRAGON));
        }
        List<Log> emitted = logs;
        Hash logsHash = Keccak256.hash(RlpWriter.list(out -> emitted.forEach(log -> ReceiptCodec.writeLog(out, log))));
        return new Outcome(roots.after(journal.changes()), logsHash, output, gasUsed, rejection, journal);
    }

    /** What is wrong, with expected and actual value; empty when nothing is. */
    Optional<String> judge(Outcome outcome) {
        if (outcome.rejection().isPresent() != mustFail()) {
            return Optional.of("the transaction is "
                    + outcome.rejection().map(why -> "rejected (" + why + ")").orElse("executed") + ", expected "
                    + (mustFail() ? "exception " + post.path("expectException").asText() : "execution"));
        }
        Hash expected = Hash.fromHex(post.path("hash").asText());
        if (!outcome.stateRoot().equals(expected)) {
            return Optional.of("state root is " + outcome.stateRoot() + ", expected " + expected + difference(outcome));
        }
        String logs = post.path("logs").asText();
        return !mustFail() && !outcome.logsHash().toHex().equals(logs)
                ? Optional.of("logs hash is " + outcome.logsHash() + ", expected " + logs)
                : Optional.empty();
    }

    private String difference(Outcome outcome) {
        if (!post.hasNonNull("state")) {
            return "";
        }
        MemoryState actual = new MemoryState(pre);
        actual.apply(outcome.journal().changes());
        return "; " + actual.difference(Fields.state(post.path("state"))).replace("\n", "; ");
    }

    private BlobSchedule blobSchedule() {
        JsonNode config = test.path("config").path("blobSchedule").path(network);
        if (config.isMissingNode()) {
            return fork.isAtLeast(Fork.PRAGUE) ? BlobSchedule.PRAGUE : BlobSchedule.CANCUN;
        }
        return new BlobSchedule(
                Fields.number(config.path("target").asText()).intValue(),
                Fields.number(config.path("max").asText()).intValue(),
                Fields.number(config.path("baseFeeUpdateFraction").asText()).longValue());
    }

    private BlockContext block() {
        JsonNode env = test.path("env");
        boolean random = fork.isAtLeast(Fork.PARIS) && env.has("currentRandom");
        Wei baseFee = fork.isAtLeast(Fork.LONDON) ? Wei.of(Fields.number(env, "currentBaseFee", "0x0a")) : Wei.ZERO;
        Wei blobBaseFee = fork.isAtLeast(Fork.CANCUN)
                ? BlobGas.baseFee(
                        Fields.number(env, "currentExcessBlobGas", "0x0").longValue(), blobSchedule())
                : Wei.ZERO;
        return new BlockContext(
                fork,
                UInt256.valueOf(Fields.number(test.path("config"), "chainid", "0x1")),
                Fields.number(env, "currentNumber", "0x0").longValue(),
                Fields.number(env, "currentTimestamp", "0x0").longValue(),
                Fields.number(env, "currentGasLimit", "0x0").longValue(),
                Fields.address(env.path("currentCoinbase")),
                UInt256.valueOf(Fields.number(env, random ? "currentRandom" : "currentDifficulty", "0x0")),
                baseFee,
                blobBaseFee,
                // The convention of state tests.
                n -> Keccak256.hash(Long.toString(n).getBytes(StandardCharsets.US_ASCII)));
    }
}
