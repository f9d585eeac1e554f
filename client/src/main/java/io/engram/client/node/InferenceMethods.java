package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.RunLog;
import io.engram.client.chain.WorkCounts;
import io.engram.client.light.LightGenesis;
import io.engram.client.light.LightProof;
import io.engram.client.light.LightProver;
import io.engram.client.rpc.BlockReference;
import io.engram.client.rpc.ChainView;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RequestDeadline;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.transaction.Transaction;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.StepLeaf;
import io.engram.inference.engine.Backends;
import io.engram.inference.engine.StepVerification;
import io.engram.inference.model.Model;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The trace of inferences in blocks. Step lists are not stored: asking for one runs its block again, on the state before
 * it, with the inputs noted.
 */
final class InferenceMethods {

    private final Node node;
    private final ChainView chain;
    private final WorkCounts work;
    private final InferenceConfig config;

    /** Absent where headers do not list the validators. */
    private final Optional<LightProver> prover;

    InferenceMethods(Node node, ChainView chain, WorkCounts work, InferenceConfig config) {
        this.node = node;
        this.chain = chain;
        this.work = work;
        this.config = config;
        this.prover = chain.store()
                .header(0)
                .flatMap(genesis -> LightGenesis.of(node.config(), genesis))
                .map(genesis -> new LightProver(number -> chain.store().header(number), genesis));
    }

    void register(RpcRegistry registry) {
        registry.execution("inference_getReceipts", this::receipts)
                .execution("inference_getSteps", this::steps)
                .execution("inference_getProof", this::proof)
                .execution("inference_verifyStep", this::verifyStep)
                .execution("inference_getBackends", _ -> backends())
                .cheap(InferenceConfigView.METHOD, _ -> InferenceConfigView.of(config))
                .cheap("inference_getStatus", _ -> InferenceStatusView.of(node, work.totals()));
    }

    private JsonNode backends() {
        ObjectNode view = Json.object();
        view.put("current", node.engine().backend().name());
        ArrayNode available = view.putArray("available");
        Backends.available().forEach(available::add);
        view.set("fault", Json.orNull(node.engine().backend().fault(), Json::text));
        return view;
    }

    private JsonNode receipts(RpcParameters parameters) {
        ChainView.Located block = chain.require(parameters.requiredBlock(0));
        List<Transaction> transactions = chain.body(block).transactions();
        ArrayNode array = Json.array();
        for (InferenceReceipt receipt : inferences(block)) {
            array.add(view(
                    receipt, block, transactions.get(receipt.transactionIndex()).hash()));
        }
        return array;
    }

    private List<InferenceReceipt> inferences(ChainView.Located block) {
        return chain.store()
                .inferences(block.hash())
                .orElseThrow(() -> new RpcException(
                        RpcErrorCode.RESOURCE_UNAVAILABLE,
                        "the inference receipts of block " + block.number() + " are not kept"));
    }

    private static ObjectNode view(InferenceReceipt receipt, ChainView.Located block, Hash transactionHash) {
        ObjectNode json = Json.object();
        json.set("blockHash", RpcHex.data(block.hash()));
        json.set("blockNumber", RpcHex.quantity(block.number()));
        json.set("transactionHash", RpcHex.data(transactionHash));
        json.set("transactionIndex", RpcHex.quantity(receipt.transactionIndex()));
        json.set("sequence", RpcHex.quantity(receipt.sequence()));
        json.set("modelId", RpcHex.data(receipt.modelId()));
        json.set("inputRoot", RpcHex.data(receipt.inputRoot()));
        json.set("outputRoot", RpcHex.data(receipt.outputRoot()));
        json.set("stepsRoot", RpcHex.data(receipt.stepsRoot()));
        json.set("gas", RpcHex.quantity(receipt.gas()));
        json.set("author", RpcHex.data(receipt.author()));
        json.set("credit", RpcHex.quantity(receipt.credit()));
        return json;
    }

    /**
     * One inference of the chain.
     *
     * @param position among all inferences of the block
     * @param all of the block
     */
    private record Found(
            ChainView.Located block,
            Hash transactionHash,
            InferenceReceipt receipt,
            int position,
            List<InferenceReceipt> all) {}

    /** By the hash of a transaction and its position there, or the hash of a block and its position there. */
    private Found find(RpcParameters parameters) {
        Hash hash = parameters.hash(0, "transactionHash");
        long index = RpcValues.lenientLong(parameters.required(1, "index"), "index");
        Optional<ChainView.Mined> mined = chain.transaction(hash);
        Optional<ChainView.Located> block =
                mined.map(ChainView.Mined::block).or(() -> chain.find(new BlockReference.ByHash(hash, true)));
        if (block.isEmpty()) {
            throw new RpcException(RpcErrorCode.RESOURCE_NOT_FOUND, "no transaction or block has this hash");
        }
        List<InferenceReceipt> all = inferences(block.get());
        for (int i = 0; i < all.size(); i++) {
            InferenceReceipt receipt = all.get(i);
            boolean meant = mined.isPresent()
                    ? receipt.transactionIndex() == mined.get().index() && receipt.sequence() == index
                    : i == index;
            if (meant) {
                Hash transaction = chain.body(block.get())
                        .transactions()
                        .get(receipt.transactionIndex())
                        .hash();
                return new Found(block.get(), transaction, receipt, i, all);
            }
        }
        throw new RpcException(
                RpcErrorCode.RESOURCE_NOT_FOUND,
                "the " + (mined.isPresent() ? "transaction" : "block") + " has no inference " + index);
    }

    /** An inference run again. */
    private record Rerun(Model model, byte[] sample, List<StepLeaf> steps) {}

    private Rerun rerun(Found found) {
        RunLog log = new RunLog();
        Block block = new Block(found.block().header(), chain.body(found.block()));
        int last = block.body().transactions().size() - 1;
        if (!node.replay()
                .trace(block, last, Tracer.NONE, RequestDeadline.terms().observedBy(log))) {
            throw new RpcException(
                    RpcErrorCode.RESOURCE_UNAVAILABLE,
                    "the state before block " + found.block().number() + " is not kept");
        }
        if (log.runs().size() != found.all().size()) {
            throw new IllegalStateException("block " + found.block().number() + " runs differently now");
        }
        RunLog.Run run = log.runs().get(found.position());
        List<StepLeaf> steps = node.engine().steps(run.model(), run.sample(), RequestDeadline.demand());
        if (!Commitments.stepsRoot(steps).equals(found.receipt().stepsRoot())) {
            throw new IllegalStateException("the steps do not hash to the receipt's stepsRoot");
        }
        return new Rerun(run.model(), run.sample(), steps);
    }

    private JsonNode steps(RpcParameters parameters) {
        Found found = find(parameters);
        Rerun rerun = rerun(found);
        ObjectNode json = Json.object();
        json.set("receipt", view(found.receipt(), found.block(), found.transactionHash()));
        json.set("input", RpcHex.data(Bytes.wrap(rerun.sample())));
        json.set("steps", Json.array(rerun.steps(), leaf -> step(rerun.model(), leaf)));
        return json;
    }

    private static ObjectNode step(Model model, StepLeaf leaf) {
        ObjectNode json = Json.object();
        json.set("index", RpcHex.quantity(leaf.index()));
        json.put("operator", model.graph().nodes().get(leaf.index()).operator().mnemonic());
        json.set("operatorCode", RpcHex.quantity(leaf.operatorCode()));
        json.set("attributeHash", RpcHex.data(leaf.attributeHash()));
        json.set("inputRoots", Json.array(leaf.inputRoots(), RpcHex::data));
        json.set("outputRoots", Json.array(leaf.outputRoots(), RpcHex::data));
        json.set("leaf", RpcHex.data(Bytes.wrap(leaf.toBytes())));
        return json;
    }

    private static int stepAt(RpcParameters parameters, List<StepLeaf> steps) {
        long step = RpcValues.lenientLong(parameters.required(2, "step"), "step");
        if (step >= steps.size()) {
            throw RpcException.invalidParameter("step", "the model has steps 0 to " + (steps.size() - 1));
        }
        return (int) step;
    }

    private JsonNode proof(RpcParameters parameters) {
        Found found = find(parameters);
        List<ChunkRequest> wanted = ChunkRequest.parse(parameters.optional(3));
        Rerun rerun = rerun(found);
        int index = stepAt(parameters, rerun.steps());
        BlockHeader header = found.block().header();
        Optional<List<BlockHeader>> trail = prover.flatMap(finder -> finder.trail(header));
        LightProof proof = new LightProof(
                chain.store().header(0).orElseThrow(),
                trail.orElse(List.of()),
                header,
                found.receipt(),
                InferenceRoot.tree(found.all()).proof(found.position()),
                rerun.steps().get(index),
                Commitments.stepTree(rerun.steps()).proof(index),
                wanted.isEmpty()
                        ? List.of()
                        : ChunkRequest.answer(
                                wanted,
                                node.engine()
                                        .verifyStep(rerun.model(), rerun.sample(), index, RequestDeadline.demand())));
        return ProofView.of(found.block().hash(), proof, trail.isPresent());
    }

    private JsonNode verifyStep(RpcParameters parameters) {
        Found found = find(parameters);
        Rerun rerun = rerun(found);
        int index = stepAt(parameters, rerun.steps());
        StepVerification verification =
                node.engine().verifyStep(rerun.model(), rerun.sample(), index, RequestDeadline.demand());
        StepLeaf committed = rerun.steps().get(index);
        ObjectNode json = Json.object();
        json.put("valid", verification.leaf().equals(committed));
        json.set("stepsRoot", RpcHex.data(found.receipt().stepsRoot()));
        json.set("step", step(rerun.model(), committed));
        json.set("recomputed", step(rerun.model(), verification.leaf()));
        json.put("backend", node.engine().backend().name());
        return json;
    }
}
