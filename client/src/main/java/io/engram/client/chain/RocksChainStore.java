package io.engram.client.chain;

import io.engram.client.state.RocksWorldState;
import io.engram.client.state.StagedRewind;
import io.engram.client.state.StagedState;
import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The canonical chain in the database, with the world state that belongs to it. Blocks that a rewind undoes are deleted.
 *
 * <p>The state's head moves an instant before {@link #head}: who needs both together takes the head here and then
 * {@link RocksWorldState#at} its number.
 */
public final class RocksChainStore implements ChainStore {

    /** Blocks undone by one batch; a longer rewind is several, each of which leaves a whole chain. */
    public static final int MAX_REWIND_STEP = 256;

    /** Bytes of bodies, and of receipts, whose decoded form is kept. */
    private static final long RECENT_BYTES = 8L << 20;

    private static final byte[] HEAD_KEY = "head".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GENESIS_KEY = "genesis".getBytes(StandardCharsets.US_ASCII);

    private final Database database;
    private final Durability durability;
    private final RocksWorldState state;
    private final RecentRecords<BlockBody> bodies = new RecentRecords<>(RECENT_BYTES, BlockRecords::decodeBody);
    private final RecentRecords<List<Receipt>> receipts =
            new RecentRecords<>(RECENT_BYTES, BlockRecords::decodeReceipts);
    private volatile Head head;

    private RocksChainStore(Database database, Durability durability, RocksWorldState state, Head head) {
        this.database = database;
        this.durability = durability;
        this.state = state;
        this.head = head;
    }

    /** As below, every block on the disk before {@link #append} returns. */
    public static RocksChainStore open(Database database, ExecutedBlock genesis, StateChanges allocation) {
        return open(database, genesis, allocation, Durability.POWER);
    }

    /**
     * Opens the chain that begins with {@code genesis}; writes the genesis block into a new database.
     *
     * @param allocation the state of the genesis block
     * @param durability of every block appended
     * @throws DatabaseException when the database holds another chain, or its parts do not fit together
     * @throws IllegalArgumentException when the genesis header's state root is not that of {@code allocation}
     */
    public static RocksChainStore open(
            Database database, ExecutedBlock genesis, StateChanges allocation, Durability durability) {
        RocksWorldState state = new RocksWorldState(database);
        Optional<Hash> stored = genesisHash(database);
        if (stored.isEmpty()) {
            initialise(database, state, genesis, allocation);
        } else if (!stored.get().equals(genesis.hash())) {
            throw new DatabaseException("the database in " + database.directory() + " holds the chain with genesis "
                    + stored.get() + ", not the configured one with genesis " + genesis.hash());
        }
        return new RocksChainStore(database, durability, state, check(database, state));
    }

    /** Hash of the genesis block in the database; absent when it is new. */
    public static Optional<Hash> genesisHash(Database database) {
        return database.get(Column.METADATA, GENESIS_KEY).map(Hash::of);
    }

    private static void initialise(
            Database database, RocksWorldState state, ExecutedBlock genesis, StateChanges allocation) {
        if (genesis.block().header().number() != 0) {
            throw new IllegalArgumentException("a genesis block has number 0");
        }
        StagedState staged = state.stage(allocation);
        requireRoot(genesis, staged);
        try (Batch batch = database.batch()) {
            batch.put(Column.METADATA, GENESIS_KEY, genesis.hash().toArray());
            putBlock(batch, genesis);
            state.commit(batch, staged, Durability.POWER);
        }
    }

    /** The start-up check: head, header, indexes, state head and state trie belong together. */
    private static Head check(Database database, RocksWorldState state) {
        byte[] pointer = database.get(Column.METADATA, HEAD_KEY)
                .filter(bytes -> bytes.length == Long.BYTES + Hash.SIZE)
                .orElseThrow(() -> damaged(database, "it has a genesis but no head"));
        long number = ByteBuffer.wrap(pointer).getLong();
        Hash hash = Hash.read(pointer, Long.BYTES);
        BlockRecords.StoredHeader stored = database.get(Column.HEADERS, hash.toArray())
                .map(BlockRecords::decodeHeader)
                .orElseThrow(() -> damaged(database, "the header of head " + hash + " is missing"));
        boolean indexed =
                database.get(Column.CANONICAL, numberKey(number)).map(Hash::of).equals(Optional.of(hash));
        if (!indexed || stored.header().number() != number) {
            throw damaged(database, "the index does not lead to head " + hash);
        }
        if (state.number() != number || !state.root().equals(stored.header().stateRoot())) {
            throw damaged(database, "the state is not that of head " + hash);
        }
        state.checkRootNode();
        return new Head(hash, stored.header(), stored.totalDifficulty());
    }

    private static DatabaseException damaged(Database database, String how) {
        return new DatabaseException("the database in " + database.directory() + " is damaged: " + how);
    }

    /** The state of this chain. */
    public RocksWorldState state() {
        return state;
    }

    @Override
    public Head head() {
        return head;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the block does not follow the head or its state root is not the staged one
     * @throws IllegalStateException when the state was staged on another head
     * @throws DatabaseException when the disk fails; the block is then not part of the chain
     */
    @Override
    public synchronized void append(ExecutedBlock block, StagedState staged) {
        BlockHeader header = block.block().header();
        Head parent = head;
        if (header.number() != parent.number() + 1 || !header.parentHash().equals(parent.hash())) {
            throw new IllegalArgumentException("block " + header.number() + " with parent " + header.parentHash()
                    + " does not follow head " + parent.number() + " " + parent.hash());
        }
        requireRoot(block, staged);
        if (block.receipts().size() != block.block().body().transactions().size()) {
            throw new IllegalArgumentException("a block needs one receipt for each transaction");
        }
        try (Batch batch = database.batch()) {
            putBlock(batch, block);
            state.commit(batch, staged, durability);
        }
        head = new Head(block.hash(), header, block.totalDifficulty());
    }

    private static void requireRoot(ExecutedBlock block, StagedState staged) {
        Hash root = block.block().header().stateRoot();
        if (!staged.root().equals(root)) {
            throw new IllegalArgumentException(
                    "the header has state root " + root + ", the staged state " + staged.root());
        }
    }

    private static void putBlock(Batch batch, ExecutedBlock block) {
        BlockHeader header = block.block().header();
        byte[] key = block.hash().toArray();
        batch.put(
                Column.HEADERS,
                key,
                BlockRecords.encodeHeader(new BlockRecords.StoredHeader(block.totalDifficulty(), header)));
        batch.put(Column.BODIES, key, BlockRecords.encodeBody(block.block().body()));
        batch.put(Column.RECEIPTS, key, BlockRecords.encodeReceipts(block.receipts()));
        batch.put(Column.INFERENCES, key, BlockRecords.encodeInferences(block.inferences()));
        if (!block.outputs().isEmpty()) {
            batch.put(Column.INFERENCE_OUTPUTS, key, BlockRecords.encodeOutputs(block.outputs()));
        }
        batch.put(Column.CANONICAL, numberKey(header.number()), key);
        List<Transaction> transactions = block.block().body().transactions();
        for (int i = 0; i < transactions.size(); i++) {
            TransactionLocation location = new TransactionLocation(block.hash(), header.number(), i);
            byte[] hash = transactions.get(i).hash().toArray();
            batch.put(Column.TRANSACTIONS, hash, BlockRecords.encodeLocation(location));
        }
        putHead(batch, block.hash(), header.number());
    }

    private static void putHead(Batch batch, Hash hash, long number) {
        byte[] pointer =
                ByteBuffer.allocate(Long.BYTES + Hash.SIZE).putLong(number).array();
        hash.write(pointer, Long.BYTES);
        batch.put(Column.METADATA, HEAD_KEY, pointer);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the number is negative or above the head
     * @throws DatabaseException when the disk fails or the database turns out to be damaged
     */
    @Override
    public synchronized void rewind(long blockNumber) {
        if (blockNumber < 0 || blockNumber > head.number()) {
            throw new IllegalArgumentException("cannot rewind from block " + head.number() + " to " + blockNumber);
        }
        while (head.number() > blockNumber) {
            rewindStep(Math.max(blockNumber, head.number() - MAX_REWIND_STEP));
        }
    }

    private void rewindStep(long blockNumber) {
        Hash target = requireCanonical(blockNumber);
        BlockRecords.StoredHeader stored = storedHeader(target)
                .orElseThrow(() -> damaged(database, "the header of block " + target + " is missing"));
        StagedRewind rewind = state.stageRewind(blockNumber);
        if (!rewind.root().equals(stored.header().stateRoot())) {
            throw damaged(database, "the change list of block " + target + " has another state root than its header");
        }
        try (Batch batch = database.batch()) {
            for (long number = head.number(); number > blockNumber; number--) {
                deleteBlock(batch, requireCanonical(number), number);
            }
            putHead(batch, target, blockNumber);
            state.commitRewind(batch, rewind, durability);
        }
        bodies.clear();
        receipts.clear();
        head = new Head(target, stored.header(), stored.totalDifficulty());
    }

    private void deleteBlock(Batch batch, Hash hash, long number) {
        BlockBody body = body(hash).orElseThrow(() -> damaged(database, "the body of block " + hash + " is missing"));
        for (Transaction transaction : body.transactions()) {
            batch.delete(Column.TRANSACTIONS, transaction.hash().toArray());
        }
        byte[] key = hash.toArray();
        batch.delete(Column.CANONICAL, numberKey(number));
        batch.delete(Column.HEADERS, key);
        batch.delete(Column.BODIES, key);
        batch.delete(Column.RECEIPTS, key);
        batch.delete(Column.INFERENCES, key);
        batch.delete(Column.INFERENCE_OUTPUTS, key);
    }

    private Hash requireCanonical(long number) {
        return canonicalHash(number).orElseThrow(() -> damaged(database, "block " + number + " is not in the index"));
    }

    @Override
    public Optional<Hash> canonicalHash(long number) {
        return number < 0
                ? Optional.empty()
                : database.get(Column.CANONICAL, numberKey(number)).map(Hash::of);
    }

    @Override
    public Optional<BlockHeader> header(Hash hash) {
        return storedHeader(hash).map(BlockRecords.StoredHeader::header);
    }

    @Override
    public Optional<UInt256> totalDifficulty(Hash hash) {
        return storedHeader(hash).map(BlockRecords.StoredHeader::totalDifficulty);
    }

    private Optional<BlockRecords.StoredHeader> storedHeader(Hash hash) {
        return database.get(Column.HEADERS, hash.toArray()).map(BlockRecords::decodeHeader);
    }

    @Override
    public Optional<BlockBody> body(Hash hash) {
        return bodies.get(hash, () -> database.get(Column.BODIES, hash.toArray()));
    }

    @Override
    public Optional<List<Receipt>> receipts(Hash hash) {
        return receipts.get(hash, () -> database.get(Column.RECEIPTS, hash.toArray()));
    }

    @Override
    public Optional<List<InferenceReceipt>> inferences(Hash hash) {
        return database.get(Column.INFERENCES, hash.toArray()).map(BlockRecords::decodeInferences);
    }

    @Override
    public Optional<List<InferenceOutput>> inferenceOutputs(Hash hash) {
        return database.get(Column.INFERENCE_OUTPUTS, hash.toArray()).map(BlockRecords::decodeOutputs);
    }

    @Override
    public Optional<TransactionLocation> transaction(Hash transactionHash) {
        return database.get(Column.TRANSACTIONS, transactionHash.toArray()).map(BlockRecords::decodeLocation);
    }

    private static byte[] numberKey(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
