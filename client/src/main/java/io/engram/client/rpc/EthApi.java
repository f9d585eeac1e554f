package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.BlockReplay;
import io.engram.client.chain.Blockchain;
import io.engram.client.chain.CallSimulator;
import io.engram.client.chain.ChainEvent;
import io.engram.client.chain.ChainStore;
import io.engram.client.chain.ExecutedBlock;
import io.engram.client.pool.AddResult;
import io.engram.client.pool.PooledTransaction;
import io.engram.client.pool.TransactionPool;
import io.engram.evm.precompile.Precompiles;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BlobGas;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.tuweni.units.bigints.UInt256;

/** The namespaces eth, net, web3, txpool and debug over one chain, wired. */
public final class EthApi {

    /**
     * What the operator sets.
     *
     * @param gasCap most gas of one simulated run
     * @param maxLogsRange blocks that one log query may span
     * @param leastTip that fee suggestions do not go below
     */
    public record Settings(String clientVersion, long gasCap, int maxLogsRange, Wei leastTip) {}

    /**
     * What the surroundings contribute.
     *
     * @param nextTimestamp of a block made now, seconds since 1970
     * @param accounts that the node signs for
     * @param afterSend called when the pool has taken a transaction, before the caller gets its hash
     * @param network the peers
     */
    public record Surroundings(
            SenderLookup senders,
            LongSupplier nextTimestamp,
            List<Address> accounts,
            Consumer<AddResult.Added> afterSend,
            NetworkView network) {
        public Surroundings {
            accounts = List.copyOf(accounts);
        }
    }

    private static final long NANOS = 1_000_000_000;

    private final ChainView view;
    private final TransactionPool pool;
    private final GasOracle oracle;
    private final Environments environments;
    private final EthExecutionMethods execution;
    private final TransactionView transactions;
    private final BlockView blocks;
    private final ReceiptView receipts;
    private final BlockReplay replay;
    private final Settings settings;
    private final Surroundings surroundings;
    private final Blockchain chain;

    public EthApi(
            Blockchain chain,
            TransactionPool pool,
            CallSimulator simulator,
            BlockReplay replay,
            Settings settings,
            Surroundings surroundings) {
        this.chain = chain;
        this.pool = pool;
        this.replay = replay;
        this.settings = settings;
        this.surroundings = surroundings;
        this.view = new ChainView(chain.store(), chain.states());
        this.oracle = new GasOracle(view, pool, settings.leastTip());
        this.environments = new Environments(view, simulator, surroundings.nextTimestamp());
        this.execution = new EthExecutionMethods(environments, EthApi::precompiles, settings.gasCap());
        this.transactions = new TransactionView(surroundings.senders());
        this.blocks = new BlockView(transactions, chain.rules().hasher());
        this.receipts = new ReceiptView(transactions, this::blobBaseFee);
    }

    public ChainView view() {
        return view;
    }

    public GasOracle oracle() {
        return oracle;
    }

    public Environments environments() {
        return environments;
    }

    public EthExecutionMethods execution() {
        return execution;
    }

    /** Adds all methods. */
    public void register(RpcRegistry registry) {
        new Web3Methods(settings.clientVersion(), chain.rules().chainId(), surroundings.network(), registry).register();
        new EthChainMethods(
                        chain.rules().chainId(),
                        view,
                        oracle,
                        this::blobBaseFee,
                        () -> environments.pending().block().blobBaseFee(),
                        surroundings.accounts(),
                        surroundings.network())
                .register(registry);
        registry.cheap("eth_config", parameters -> new ForkConfigView(chain.rules(), view).view());
        new EthStateMethods(view, pool).register(registry);
        new EthBlockMethods(view, pool, transactions, blocks, receipts, surroundings.nextTimestamp())
                .register(registry);
        new EthTransactionMethods(view, pool, transactions, receipts, surroundings.afterSend()).register(registry);
        new FilterMethods(view, pool, new LogSearch(view, settings.maxLogsRange()), () -> System.nanoTime() / NANOS)
                .register(registry);
        execution.register(registry);
        new TxpoolMethods(pool, transactions).register(registry);
        new DebugMethods(view, replay, environments, execution, surroundings.senders(), this::fork, EthApi::precompiles)
                .register(registry);
    }

    /** Publishes the chain's and the pool's events to subscribers. */
    public void publishTo(SubscriptionHub hub) {
        chain.onChange(event -> {
            if (event instanceof ChainEvent.Appended appended && !hub.isEmpty()) {
                hub.publish(topic -> ofBlock(topic, appended));
            }
        });
        pool.onAdded(added -> {
            if (!hub.isEmpty()) {
                hub.publish(topic -> ofPending(topic, added));
            }
        });
    }

    private List<JsonNode> ofBlock(SubscriptionHub.Topic topic, ChainEvent.Appended appended) {
        ChainStore.Head head = appended.head();
        ChainView.Located block = new ChainView.Located(head.hash(), head.header());
        return switch (topic) {
            case SubscriptionHub.Topic.NewHeads heads -> {
                ObjectNode json = BlockView.header(head.header());
                json.set("hash", RpcHex.data(head.hash()));
                yield List.of(json);
            }
            case SubscriptionHub.Topic.Logs logs -> {
                ExecutedBlock executed = appended.block();
                yield LogSearch.matching(
                        block, executed.block().body().transactions(), executed.receipts(), logs.filter());
            }
            case SubscriptionHub.Topic.NewPendingTransactions pending -> List.of();
        };
    }

    private List<JsonNode> ofPending(SubscriptionHub.Topic topic, PooledTransaction added) {
        if (!(topic instanceof SubscriptionHub.Topic.NewPendingTransactions pending)) {
            return List.of();
        }
        return List.of(
                pending.full() ? transactions.pending(added.transaction(), added.sender()) : RpcHex.data(added.hash()));
    }

    private static Set<Address> precompiles(Fork fork) {
        return Precompiles.at(fork).keySet();
    }

    private Fork fork(BlockHeader header) {
        UInt256 difficulty = chain.store().totalDifficulty(header.parentHash()).orElse(header.difficulty());
        return chain.rules().at(header.number(), header.timestamp(), difficulty).fork();
    }

    private Wei blobBaseFee(BlockHeader header) {
        return header.excessBlobGas()
                .map(excess -> BlobGas.baseFee(excess, chain.rules().forks().blobSchedule(header.timestamp())))
                .orElse(Wei.ZERO);
    }
}
