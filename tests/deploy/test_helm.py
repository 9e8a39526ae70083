"""The chart, rendered by Helm's own library and checked against the schemas of Kubernetes."""

from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest
import yaml
from django.test import Client

CHART = Path(__file__).parents[2] / "deploy/helm/voicen"
EVERYTHING = {
    "autoscaling": {"enabled": True},
    "ingress": {"enabled": True, "className": "nginx", "tlsSecretName": "certificate"},
    "networkPolicy": {"enabled": True},
    "wyoming": {
        "enabled": True,
        "user": "home",
        "service": {"type": "LoadBalancer", "sources": ["192.168.0.0/16"]},
        "from": [{"ipBlock": {"cidr": "192.168.0.0/16"}}],
    },
    "url": "https://tts.example.az/speech",
    "config": {"VOICEN_LOG_LEVEL": "WARNING", "VOICEN_WEB_THREADS": 8},
    "web": {"podAnnotations": {"prometheus.io/scrape": "true"}, "nodeSelector": {"disk": "ssd"}},
    "image": {"web": {"digest": "sha256:" + "0" * 64}},
}
# Versions between the chart's oldest and the newest that is known here.
VERSIONS = ("1.29", "1.33", "1.37")


def rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    with helm_python.Chart.load(str(CHART)) as chart:
        texts = chart.render(values, name="tts", namespace="speech").values()
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


@pytest.fixture(scope="module", params=["defaults", "everything"])
def manifests(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rendered({} if request.param == "defaults" else EVERYTHING)


def of_kind(manifests: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {found["metadata"]["name"]: found for found in manifests if found["kind"] == kind}


def pods(manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found["spec"]["template"]["spec"] for found in manifests if found["kind"] in {"Deployment", "Job"}]


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_accepts_every_manifest(manifests: list[dict[str, Any]], version: str) -> None:
    for manifest in manifests:
        if manifest["apiVersion"] != "keda.sh/v1alpha1":
            kubernetes_validate.validate(manifest, version, strict=True)


def test_every_pod_is_bounded_and_hardened(manifests: list[dict[str, Any]]) -> None:
    for pod in pods(manifests):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            assert container["resources"]["limits"]["memory"]
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            values = {each["name"]: each.get("value", "") for each in container["env"]}
            assert values["DATABASE_URL_FILE"] == "/run/secrets/voicen/database_url"


def test_liveness_and_readiness_are_two_questions(manifests: list[dict[str, Any]]) -> None:
    for name, deployment in of_kind(manifests, "Deployment").items():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container), name
        assert container["livenessProbe"] != container["readinessProbe"], name
    (web,) = of_kind(manifests, "Deployment")["tts-web"]["spec"]["template"]["spec"]["containers"]
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert web["readinessProbe"]["failureThreshold"] * web["readinessProbe"]["periodSeconds"] == 60
    (worker,) = of_kind(manifests, "Deployment")["tts-worker-cpu"]["spec"]["template"]["spec"]["containers"]
    # A database that is away must not make every worker start again.
    assert "--without-database" in worker["livenessProbe"]["exec"]["command"]
    assert "--without-database" not in worker["readinessProbe"]["exec"]["command"]


def test_web_pods_wait_for_no_worker(manifests: list[dict[str, Any]], client: Client, db: None) -> None:
    """The chart's own question, asked of the code: nothing but the tables is there."""
    (web,) = of_kind(manifests, "Deployment")["tts-web"]["spec"]["template"]["spec"]["containers"]
    assert client.get("/readyz").status_code == 503
    assert client.get(web["readinessProbe"]["httpGet"]["path"]).status_code == 200


def test_volumes_that_are_mounted_exist(manifests: list[dict[str, Any]]) -> None:
    for pod in pods(manifests):
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_services_and_policies_select_the_pods(manifests: list[dict[str, Any]]) -> None:
    labels = {name: d["spec"]["template"]["metadata"]["labels"] for name, d in of_kind(manifests, "Deployment").items()}
    assert of_kind(manifests, "Service")["tts-web"]["spec"]["selector"].items() <= labels["tts-web"].items()
    assert not of_kind(manifests, "Service")["tts-web"]["spec"]["selector"].items() <= labels["tts-worker-cpu"].items()
    for budget in of_kind(manifests, "PodDisruptionBudget").values():
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels["tts-web"].items()


def test_the_tables_come_before_the_pods(manifests: list[dict[str, Any]]) -> None:
    (job,) = of_kind(manifests, "Job").values()
    config = of_kind(manifests, "ConfigMap")["tts-config"]
    hooks = [manifest["metadata"]["annotations"] for manifest in (config, job)]
    assert all(hook["helm.sh/hook"] == "pre-install,pre-upgrade" for hook in hooks)
    assert int(hooks[0]["helm.sh/hook-weight"]) < int(hooks[1]["helm.sh/hook-weight"])


def test_workers_are_scaled_by_the_age_of_the_queue() -> None:
    manifests = rendered(EVERYTHING)
    (scaled,) = of_kind(manifests, "ScaledObject").values()
    deployment = of_kind(manifests, "Deployment")[scaled["spec"]["scaleTargetRef"]["name"]]
    assert "replicas" not in deployment["spec"]  # a release would undo what the scaler did
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["type"] == "prometheus"
    assert trigger["metricType"] == "Value"
    assert "tts_queue_oldest_work_age_seconds" in trigger["metadata"]["query"]
    assert all(isinstance(value, str) for value in trigger["metadata"].values())  # KEDA takes nothing else
    assert scaled["spec"]["minReplicaCount"] >= 1
    assert of_kind(rendered({}), "ScaledObject") == {}


def test_wyoming_is_off_until_somebody_is_named() -> None:
    manifests = rendered({})
    assert not any("wyoming" in manifest["metadata"]["name"] for manifest in manifests)
    with pytest.raises(helm_python.HelmError, match=r"wyoming\.user"):
        rendered({"wyoming": {"enabled": True}})


def test_wyoming_is_what_compose_starts() -> None:
    manifests = rendered(EVERYTHING)
    deployment = of_kind(manifests, "Deployment")["tts-wyoming"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    compose = yaml.safe_load((CHART.parents[2] / "docker-compose.yml").read_text())["services"]["wyoming"]
    assert container["command"] == compose["command"]
    assert container["image"].startswith(compose["image"] + ":")
    assert {"name": "VOICEN_WYOMING_USER", "value": "home"} in container["env"]
    service = of_kind(manifests, "Service")["tts-wyoming"]["spec"]
    assert service["selector"].items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    assert service["ports"][0]["targetPort"] == container["ports"][0]["name"]
    assert service["loadBalancerSourceRanges"] == ["192.168.0.0/16"]
    policy = of_kind(manifests, "NetworkPolicy")["tts-wyoming"]["spec"]
    assert policy["podSelector"]["matchLabels"] == service["selector"]
    assert policy["ingress"][0]["from"] == EVERYTHING["wyoming"]["from"]  # type: ignore[index]


def test_s3_needs_no_volume() -> None:
    manifests = rendered({"storage": {"enabled": False}})
    assert of_kind(manifests, "PersistentVolumeClaim") == {}
    assert all("persistentVolumeClaim" not in volume for pod in pods(manifests) for volume in pod["volumes"])


def test_settings_reach_the_pods() -> None:
    config = of_kind(rendered(EVERYTHING), "ConfigMap")["tts-config"]["data"]
    assert config["VOICEN_URL"] == "https://tts.example.az/speech"
    assert config["VOICEN_WEB_THREADS"] == "8"
