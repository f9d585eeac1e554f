package io.engram.p2p.eth;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** A chain that holds together by its hashes alone, with a transaction and a receipt in each block. */
public final class SampleChain implements EthBackend {

    private static final long GENESIS_TIME = 1_700_000_000;

    private final long networkId;
    private final ForkIdSchedule forkIds;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<Hash, Block> byHash = new HashMap<>();
    private final Map<Hash, Transaction> pool = new ConcurrentHashMap<>();
    private final Hash genesis;

    public SampleChain(long networkId, int salt, int length) {
        this(networkId, salt, length, ForkSchedule.only(Fork.OSAKA));
    }

    public SampleChain(long networkId, int salt, int length, ForkSchedule forks) {
        this.networkId = networkId;
        Hash parent = new Hash(0, 0, 0, salt);
        for (int number = 0; number <= length; number++) {
            Block block = new Block(
                    header(parent, number),
                    new BlockBody(List.of(transaction(number)), List.of(), Optional.of(List.of())));
            parent = HeaderHasher.KECCAK.hash(block.header());
            blocks.add(block);
            byHash.put(parent, block);
        }
        genesis = HeaderHasher.KECCAK.hash(blocks.getFirst().header());
        ChainConfig config = new ChainConfig(
                UInt256.valueOf(networkId),
                forks,
                BaseFee.MARKET,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        forkIds = ForkIdSchedule.of(config, genesis, GENESIS_TIME);
    }

    static BlockHeader header(Hash parent, long number) {
        return new BlockHeader(
                parent,
                Hash.EMPTY_LIST,
                Address.ZERO,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                UInt256.ONE,
                number,
                30_000_000,
                21_000,
                GENESIS_TIME + number,
                Bytes.EMPTY,
                Hash.ZERO,
                Bytes.wrap(new byte[8]),
                Optional.of(Wei.of(7)),
                Optional.of(Hash.EMPTY_TRIE),
                Optional.of(0L),
                Optional.of(0L),
                Optional.of(Hash.ZERO),
                Optional.empty());
    }

    public static Transaction transaction(long nonce) {
        return new Transaction(
                TransactionType.FEE_MARKET,
                Optional.of(UInt256.ONE),
                nonce,
                Wei.of(1),
                Wei.of(100),
                21_000,
                Optional.of(Address.ZERO),
                Wei.of(1),
                Bytes.EMPTY,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                new Signature(new Hash(0, 0, 0, 1), new Hash(0, 0, 0, 2), 0));
    }

    static Receipt receipt(long gas) {
        return new Receipt(
                TransactionType.FEE_MARKET,
                true,
                Optional.empty(),
                gas,
                List.of(new Log(Address.ZERO, List.of(new Hash(1, 2, 3, 4)), Bytes.of(1, 2, 3))));
    }

    public Block block(int number) {
        return blocks.get(number);
    }

    public Hash hash(int number) {
        return HeaderHasher.KECCAK.hash(blocks.get(number).header());
    }

    public void pool(Transaction transaction) {
        pool.put(transaction.hash(), transaction);
    }

    @Override
    public long networkId() {
        return networkId;
    }

    @Override
    public Hash genesisHash() {
        return genesis;
    }

    @Override
    public ForkIdSchedule forkIds() {
        return forkIds;
    }

    @Override
    public ChainHead head() {
        BlockHeader last = blocks.getLast().header();
        return new ChainHead(
                last.number(), HeaderHasher.KECCAK.hash(last), last.timestamp(), UInt256.valueOf(last.number() + 1), 0);
    }

    @Override
    public Optional<BlockHeader> header(long number) {
        return number < blocks.size() ? Optional.of(blocks.get((int) number).header()) : Optional.empty();
    }

    @Override
    public Optional<BlockHeader> header(Hash hash) {
        return Optional.ofNullable(byHash.get(hash)).map(Block::header);
    }

    @Override
    public Optional<BlockBody> body(Hash blockHash) {
        return Optional.ofNullable(byHash.get(blockHash)).map(Block::body);
    }

    @Override
    public Optional<List<Receipt>> receipts(Hash blockHash) {
        return header(blockHash).map(header -> List.of(receipt(header.number())));
    }

    @Override
    public Optional<Transaction> pooledTransaction(Hash hash) {
        return Optional.ofNullable(pool.get(hash));
    }
}
