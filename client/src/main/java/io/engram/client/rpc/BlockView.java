package io.engram.client.rpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.block.Withdrawal;
import io.engram.genesis.transaction.Transaction;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/** Blocks and headers as JSON. */
final class BlockView {

    private final TransactionView transactions;
    private final HeaderHasher hasher;

    BlockView(TransactionView transactions, HeaderHasher hasher) {
        this.transactions = transactions;
        this.hasher = hasher;
    }

    /** @param full whole transactions in place of their hashes */
    ObjectNode block(ChainView.Located located, BlockBody body, Optional<UInt256> totalDifficulty, boolean full) {
        ObjectNode json = header(located.header());
        json.set("hash", RpcHex.data(located.hash()));
        totalDifficulty.ifPresent(total -> json.set("totalDifficulty", RpcHex.quantity(total)));
        json.set(
                "size",
                RpcHex.quantity(
                        BlockCodec.encode(new Block(located.header(), body)).size()));
        ArrayNode list = json.putArray("transactions");
        for (int i = 0; i < body.transactions().size(); i++) {
            Transaction transaction = body.transactions().get(i);
            if (full) {
                list.add(transactions.mined(new ChainView.Mined(located, i, transaction)));
            } else {
                list.add(transaction.hash().toHex());
            }
        }
        ArrayNode uncles = json.putArray("uncles");
        for (BlockHeader ommer : body.ommers()) {
            uncles.add(hasher.hash(ommer).toHex());
        }
        body.withdrawals().ifPresent(all -> json.set("withdrawals", Json.array(all, BlockView::withdrawal)));
        return json;
    }

    /** An ommer: a header with its hash, without transactions. */
    ObjectNode uncle(BlockHeader ommer) {
        ObjectNode json = header(ommer);
        json.set("hash", RpcHex.data(hasher.hash(ommer)));
        json.putArray("uncles");
        return json;
    }

    /** The header alone, without its hash. */
    static ObjectNode header(BlockHeader header) {
        ObjectNode json = Json.object();
        json.set("number", RpcHex.quantity(header.number()));
        json.set("parentHash", RpcHex.data(header.parentHash()));
        json.set("sha3Uncles", RpcHex.data(header.ommersHash()));
        json.set("miner", RpcHex.data(header.coinbase()));
        json.set("stateRoot", RpcHex.data(header.stateRoot()));
        json.set("transactionsRoot", RpcHex.data(header.transactionsRoot()));
        json.set("receiptsRoot", RpcHex.data(header.receiptsRoot()));
        json.set("logsBloom", RpcHex.data(header.logsBloom()));
        json.set("difficulty", RpcHex.quantity(header.difficulty()));
        json.set("gasLimit", RpcHex.quantity(header.gasLimit()));
        json.set("gasUsed", RpcHex.quantity(header.gasUsed()));
        json.set("timestamp", RpcHex.quantity(header.timestamp()));
        json.set("extraData", RpcHex.data(header.extraData()));
        json.set("mixHash", RpcHex.data(header.mixHash()));
        json.set("nonce", RpcHex.data(header.nonce()));
        header.baseFee().ifPresent(fee -> json.set("baseFeePerGas", RpcHex.quantity(fee)));
        header.withdrawalsRoot().ifPresent(root -> json.set("withdrawalsRoot", RpcHex.data(root)));
        header.blobGasUsed().ifPresent(gas -> json.set("blobGasUsed", RpcHex.quantity(gas)));
        header.excessBlobGas().ifPresent(gas -> json.set("excessBlobGas", RpcHex.quantity(gas)));
        header.parentBeaconBlockRoot().ifPresent(root -> json.set("parentBeaconBlockRoot", RpcHex.data(root)));
        header.requestsHash().ifPresent(hash -> json.set("requestsHash", RpcHex.data(hash)));
        return json;
    }

    private static ObjectNode withdrawal(Withdrawal withdrawal) {
        ObjectNode json = Json.object();
        json.set("index", RpcHex.quantity(withdrawal.index()));
        json.set("validatorIndex", RpcHex.quantity(withdrawal.validatorIndex()));
        json.set("address", RpcHex.data(withdrawal.address()));
        json.set("amount", RpcHex.quantity(withdrawal.amount()));
        return json;
    }
}
