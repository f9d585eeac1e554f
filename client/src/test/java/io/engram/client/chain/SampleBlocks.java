package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Blocks with random but well-formed content on top of a given parent; nothing about them is executed. */
final class SampleBlocks {

    private SampleBlocks() {}

    static ExecutedBlock genesis(Hash stateRoot) {
        return block(0, Hash.ZERO, stateRoot, UInt256.ONE, List.of(), List.of(), List.of());
    }

    static ExecutedBlock next(ChainStore.Head parent, Hash stateRoot, RandomGenerator random) {
        int count = random.nextInt(4);
        List<Transaction> transactions = new ArrayList<>();
        List<Receipt> receipts = new ArrayList<>();
        List<InferenceReceipt> inferences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            transactions.add(transaction(random));
            receipts.add(receipt(random));
            inferences.add(inference(i, random));
        }
        UInt256 difficulty = parent.totalDifficulty().add(1);
        return block(parent.number() + 1, parent.hash(), stateRoot, difficulty, transactions, receipts, inferences);
    }

    private static ExecutedBlock block(
            long number,
            Hash parent,
            Hash stateRoot,
            UInt256 totalDifficulty,
            List<Transaction> transactions,
            List<Receipt> receipts,
            List<InferenceReceipt> inferences) {
        BlockHeader header = new BlockHeader(
                parent,
                Hash.EMPTY_LIST,
                Address.ZERO,
                stateRoot,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                Bytes.wrap(new byte[256]),
                UInt256.ONE,
                number,
                30_000_000,
                21_000,
                1_700_000_000 + number,
                Bytes.of(1, 2, 3),
                Hash.ZERO,
                Bytes.wrap(new byte[8]),
                Optional.of(Wei.of(7)),
                Optional.of(Hash.EMPTY_TRIE),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        BlockBody body = new BlockBody(
                transactions, List.of(), Optional.of(List.of(new Withdrawal(number, 2, Address.ZERO, 5))));
        Hash hash = Keccak256.hash(BlockCodec.encodeHeader(header));
        return new ExecutedBlock(new Block(header, body), hash, totalDifficulty, receipts, inferences, List.of(), 0);
    }

    private static Transaction transaction(RandomGenerator random) {
        return new Transaction(
                TransactionType.LEGACY,
                Optional.of(UInt256.valueOf(1337)),
                random.nextLong(),
                Wei.of(3),
                Wei.of(3),
                21_000,
                Optional.of(new Address(1, random.nextLong(), 2)),
                Wei.of(random.nextInt(100)),
                bytes(random, 40),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                new Signature(hash(random), hash(random), random.nextInt(2)));
    }

    private static Receipt receipt(RandomGenerator random) {
        TransactionType type = TransactionType.ofCode(random.nextInt(5)).orElseThrow();
        Optional<Hash> stateRoot = random.nextInt(4) == 0 ? Optional.of(hash(random)) : Optional.empty();
        List<Log> logs = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            List<Hash> topics = new ArrayList<>();
            for (int t = random.nextInt(5); t > 0; t--) {
                topics.add(hash(random));
            }
            logs.add(new Log(new Address(1, 2, random.nextLong()), topics, bytes(random, 70)));
        }
        boolean succeeded = stateRoot.isEmpty() && random.nextBoolean();
        return new Receipt(type, succeeded, stateRoot, random.nextInt(1 << 30), logs);
    }

    private static InferenceReceipt inference(int transaction, RandomGenerator random) {
        return new InferenceReceipt(
                transaction,
                random.nextInt(9),
                hash(random),
                hash(random),
                hash(random),
                hash(random),
                random.nextLong() >>> 1,
                new Address(9, 9, random.nextLong()),
                Wei.of(random.nextInt(5)));
    }

    private static Bytes bytes(RandomGenerator random, int limit) {
        byte[] bytes = new byte[random.nextInt(limit)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    static Hash hash(RandomGenerator random) {
        return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }
}
