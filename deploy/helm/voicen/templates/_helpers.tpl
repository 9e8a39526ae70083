{{- define "voicen.labels" -}}
app.kubernetes.io/name: voicen
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "voicen.selector" -}}
app.kubernetes.io/name: voicen
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "voicen.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "voicen.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "voicen.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "voicen.environment" -}}
- { name: VOICEN_SECRET_KEY_FILE, value: /run/secrets/voicen/secret_key }
- { name: DATABASE_URL_FILE, value: /run/secrets/voicen/database_url }
- { name: CELERY_BROKER_URL_FILE, value: /run/secrets/voicen/broker_url }
{{- end }}

{{- define "voicen.mounts" -}}
- { name: secrets, mountPath: /run/secrets/voicen, readOnly: true }
- { name: data, mountPath: /data }
- { name: tmp, mountPath: /tmp }
{{- if .Values.storage.enabled }}
- { name: media, mountPath: /data/media }
{{- end }}
{{- end }}

{{- define "voicen.volumes" -}}
- name: secrets
  secret: { secretName: {{ .Values.secretName | quote }}, defaultMode: 0440 }
# Uploads under way, and in a worker the model (0.1 GB) that it puts together at its start.
- name: data
  emptyDir: { sizeLimit: 2Gi }
- name: tmp
  emptyDir: { sizeLimit: 256Mi }
{{- if .Values.storage.enabled }}
- name: media
  persistentVolumeClaim: { claimName: {{ .Values.storage.existingClaim | default (printf "%s-media" .Release.Name) | quote }} }
{{- end }}
{{- end }}
