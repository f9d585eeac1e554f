package io.engram.client.rpc;

import io.engram.client.chain.ChainStore;
import io.engram.client.state.WorldState;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.transaction.Transaction;
import java.util.List;
import java.util.Optional;

/** The chain as RPC methods ask for it: by {@link BlockReference}, with the right error when it is not there. */
public final class ChainView {

    /** A block that the node has. */
    public record Located(Hash hash, BlockHeader header) {
        public long number() {
            return header.number();
        }
    }

    /** A transaction in a canonical block. */
    public record Mined(Located block, int index, Transaction transaction) {}

    private final ChainStore store;
    private final WorldState state;

    public ChainView(ChainStore store, WorldState state) {
        this.store = store;
        this.state = state;
    }

    public ChainStore store() {
        return store;
    }

    public WorldState worldState() {
        return state;
    }

    public Located head() {
        ChainStore.Head head = store.head();
        return new Located(head.hash(), head.header());
    }

    /** The block meant; pending is the head. */
    public Optional<Located> find(BlockReference reference) {
        return switch (reference) {
            case BlockReference.Tag tag ->
                switch (tag) {
                    case EARLIEST -> byNumber(0);
                    case LATEST, SAFE, FINALIZED, PENDING -> Optional.of(head());
                };
            case BlockReference.ByNumber number -> byNumber(number.number());
            case BlockReference.ByHash byHash -> byHash(byHash);
        };
    }

    private Optional<Located> byNumber(long number) {
        return store.canonicalHash(number).flatMap(hash -> store.header(hash).map(header -> new Located(hash, header)));
    }

    private Optional<Located> byHash(BlockReference.ByHash reference) {
        Optional<Located> found = store.header(reference.hash()).map(header -> new Located(reference.hash(), header));
        if (found.isPresent() && reference.requireCanonical() && !isCanonical(found.get())) {
            throw new RpcException(RpcErrorCode.INVALID_PARAMS, "block " + reference.hash() + " is not canonical");
        }
        return found;
    }

    private boolean isCanonical(Located block) {
        return store.canonicalHash(block.number()).filter(block.hash()::equals).isPresent();
    }

    public Located require(BlockReference reference) {
        return find(reference)
                .orElseThrow(() -> new RpcException(
                        reference instanceof BlockReference.ByHash
                                ? RpcErrorCode.RESOURCE_NOT_FOUND
                                : RpcErrorCode.BLOCK_NOT_FOUND,
                        "block not found: " + describe(reference)));
    }

    private static String describe(BlockReference reference) {
        return switch (reference) {
            case BlockReference.Tag tag -> tag.name().toLowerCase(java.util.Locale.ROOT);
            case BlockReference.ByNumber number -> Long.toString(number.number());
            case BlockReference.ByHash hash -> hash.hash().toHex();
        };
    }

    /** State after the block meant. */
    public StateReader state(BlockReference reference) {
        return state(require(reference));
    }

    public StateReader state(Located block) {
        requireCanonical(block);
        return state.at(block.number()).orElseThrow(() -> stateNotKept(block));
    }

    /** No state is kept off the canonical chain. */
    void requireCanonical(Located block) {
        if (!isCanonical(block)) {
            throw new RpcException(
                    RpcErrorCode.RESOURCE_UNAVAILABLE, "no state is kept for block " + block.hash() + " off the chain");
        }
    }

    static RpcException stateNotKept(Located block) {
        return new RpcException(
                RpcErrorCode.RESOURCE_UNAVAILABLE, "the state of block " + block.number() + " is no longer kept");
    }

    public BlockBody body(Located block) {
        return store.body(block.hash()).orElseThrow(() -> missing(block, "body"));
    }

    public List<Receipt> receipts(Located block) {
        return store.receipts(block.hash()).orElseThrow(() -> missing(block, "receipts"));
    }

    private static RpcException missing(Located block, String what) {
        return new RpcException(
                RpcErrorCode.RESOURCE_UNAVAILABLE, "the " + what + " of block " + block.number() + " are not kept");
    }

    public Optional<Mined> transaction(Hash hash) {
        Optional<ChainStore.TransactionLocation> location = store.transaction(hash);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        ChainStore.TransactionLocation at = location.get();
        Optional<BlockHeader> header = store.header(at.blockHash());
        Optional<BlockBody> body = store.body(at.blockHash());
        if (header.isEmpty() || body.isEmpty()) {
            return Optional.empty();
        }
        Transaction transaction = body.get().transactions().get(at.index());
        return Optional.of(new Mined(new Located(at.blockHash(), header.get()), at.index(), transaction));
    }
}
