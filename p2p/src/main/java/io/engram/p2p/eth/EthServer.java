package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.transaction.Transaction;
import io.engram.p2p.eth.EthMessage.BlockBodies;
import io.engram.p2p.eth.EthMessage.BlockHeaders;
import io.engram.p2p.eth.EthMessage.GetBlockBodies;
import io.engram.p2p.eth.EthMessage.GetBlockHeaders;
import io.engram.p2p.eth.EthMessage.GetPooledTransactions;
import io.engram.p2p.eth.EthMessage.GetReceipts;
import io.engram.p2p.eth.EthMessage.PooledTransactions;
import io.engram.p2p.eth.EthMessage.Receipts;
import io.engram.p2p.eth.EthMessage.Request;
import io.engram.p2p.eth.EthMessage.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Answers requests from the backend. An answer stops at the first item that takes it over {@link EthLimits#RESPONSE_BYTES}, and
 * leaves out what is not at hand. Stateless and thread-safe.
 */
final class EthServer {

    private final EthBackend backend;

    EthServer(EthBackend backend) {
        this.backend = backend;
    }

    Response answer(Request request) {
        return switch (request) {
            case GetBlockHeaders get -> new BlockHeaders(get.requestId(), headers(get));
            case GetBlockBodies get ->
                new BlockBodies(
                        get.requestId(),
                        collect(
                                get.hashes(),
                                backend::body,
                                body -> BlockCodec.encodeBody(body).size()));
            case GetReceipts get ->
                new Receipts(
                        get.requestId(),
                        collect(get.hashes(), backend::receipts, receipts -> WireReceipts.size(receipts)));
            case GetPooledTransactions get ->
                new PooledTransactions(
                        get.requestId(), collect(get.hashes(), backend::pooledTransaction, EthServer::size));
        };
    }

    private static int size(Transaction transaction) {
        return transaction.encoded().size();
    }

    private List<BlockHeader> headers(GetBlockHeaders get) {
        List<BlockHeader> headers = new ArrayList<>();
        Optional<BlockHeader> next = switch (get.start()) {
            case BlockStart.ByHash start -> backend.header(start.hash());
            case BlockStart.ByNumber start -> backend.header(start.number());
        };
        int bytes = 0;
        while (next.isPresent() && headers.size() < get.limit() && bytes < EthLimits.RESPONSE_BYTES) {
            BlockHeader header = next.get();
            headers.add(header);
            bytes += BlockCodec.encodeHeader(header).size();
            next = following(header.number(), get.skip(), get.reverse());
        }
        return headers;
    }

    /** The header {@code skip + 1} blocks on; empty beyond either end of the chain. */
    private Optional<BlockHeader> following(long number, long skip, boolean reverse) {
        if (skip < 0 || skip == Long.MAX_VALUE) {
            return Optional.empty();
        }
        long step = skip + 1;
        if (reverse) {
            return step > number ? Optional.empty() : backend.header(number - step);
        }
        return number > Long.MAX_VALUE - step ? Optional.empty() : backend.header(number + step);
    }

    private static <T> List<T> collect(List<Hash> hashes, Function<Hash, Optional<T>> source, ToIntFunction<T> size) {
        List<T> items = new ArrayList<>();
        long bytes = 0;
        for (Hash hash : hashes) {
            if (bytes >= EthLimits.RESPONSE_BYTES) {
                break;
            }
            Optional<T> item = source.apply(hash);
            if (item.isPresent()) {
                items.add(item.get());
                bytes += size.applyAsInt(item.get());
            }
        }
        return items;
    }
}
