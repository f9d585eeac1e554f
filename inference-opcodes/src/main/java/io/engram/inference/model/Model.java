package io.engram.inference.model;

import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceForm;
import io.engram.inference.commitment.TensorForm;
import io.engram.inference.operator.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A model that has passed the checker, with all that is the same for every inference. Immutable. */
public final class Model {

    private final Hash id;
    private final Graph graph;
    private final ModelChecker.Result check;
    private final List<Hash> constantRoots;
    private final List<Hash> attributeHashes;
    private final InferenceForm form;

    private Model(Hash id, Graph graph, ModelChecker.Result check, List<Hash> constantRoots) {
        this.id = id;
        this.graph = graph;
        this.check = check;
        this.constantRoots = constantRoots;
        this.attributeHashes = graph.nodes().stream()
                .map(node -> Commitments.attributeHash(node.operator().attributes()))
                .toList();
        this.form = new InferenceForm(
                graph.inputs().stream()
                        .map(input -> new TensorForm(input.type(), input.shape()))
                        .toList(),
                graph.outputs().stream()
                        .map(output -> value(output.value()))
                        .map(value -> new TensorForm(value.type(), value.shape()))
                        .toList());
    }

    /** @throws MalformedModelException when the file is not canonical or the checker refuses the graph */
    public static Model load(byte[] file, InferenceConfig.Limits limits) throws MalformedModelException {
        return load(file, Optional.empty(), limits);
    }

    /**
     * As {@link #load(byte[], InferenceConfig.Limits)} without computing the id once more.
     *
     * @param id of exactly these bytes
     */
    public static Model load(byte[] file, Hash id, InferenceConfig.Limits limits) throws MalformedModelException {
        return load(file, Optional.of(id), limits);
    }

    private static Model load(byte[] file, Optional<Hash> id, InferenceConfig.Limits limits)
            throws MalformedModelException {
        if (file.length > limits.maxModelBytes()) {
            throw new MalformedModelException(file.length + " file bytes, the limit is " + limits.maxModelBytes());
        }
        Graph graph = ModelReader.read(file);
        return check(id.orElseGet(() -> Commitments.modelId(file)), graph, file.length, limits, Runnable::run);
    }

    /**
     * The model with this id; the checksum is not looked at, as the id is computed. A block may call several large models
     * for the first time and waits for each, so other threads may hash the file and its constants during the check.
     *
     * @param hashing may run what it is given on any thread
     * @return empty when the id of the bytes is another, whatever else is wrong with them
     * @throws MalformedModelException as {@link #load}
     */
    public static Optional<Model> loadIdentified(byte[] file, Hash id, InferenceConfig.Limits limits, Executor hashing)
            throws MalformedModelException {
        if (file.length == 0) {
            return Optional.empty();
        }
        Errand<Hash> actual = new Errand<>(hashing, () -> Commitments.modelId(file));
        try {
            Model model = check(id, ModelReader.readIdentified(file), file.length, limits, hashing);
            return actual.result().equals(id) ? Optional.of(model) : Optional.empty();
        } catch (MalformedModelException e) {
            if (actual.result().equals(id)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Model check(Hash id, Graph graph, long fileBytes, InferenceConfig.Limits limits, Executor hashing)
            throws MalformedModelException {
        Errand<List<Hash>> roots = new Errand<>(
                hashing,
                () -> graph.constants().stream().map(Commitments::tensorRoot).toList());
        ModelChecker.Result check = ModelChecker.check(graph, fileBytes, limits);
        return new Model(id, graph, check, roots.result());
    }

    /** The model that {@link ModelWriter} would write. */
    public static Model of(Graph graph, InferenceConfig.Limits limits) throws MalformedModelException {
        return load(ModelWriter.write(graph), limits);
    }

    public Hash id() {
        return id;
    }

    public Graph graph() {
        return graph;
    }

    public ModelFacts facts() {
        return check.facts();
    }

    /** Of its inputs and outputs. */
    public InferenceForm form() {
        return form;
    }

    /** Everything the checker found. */
    public ModelChecker.Result check() {
        return check;
    }

    /** What the checker knows of a value number. */
    public Value value(int number) {
        return check.values().get(number);
    }

    /** The tensor root of the constant with this value number. */
    public Hash constantRoot(int value) {
        return constantRoots.get(value - graph.inputs().size());
    }

    /** The attribute hash of a node. */
    public Hash attributeHash(int node) {
        return attributeHashes.get(node);
    }

    @Override
    public String toString() {
        return "model " + id;
    }
}
