import { startTestAws } from '@/lib/aws/testing';
import { fillWithScores, startTestDatabase } from '@/lib/db/testing';
import { tenantContextForSystem } from '@/lib/deps';
import { scoreCustomers } from '@/lib/domain/scoring/score-customers';
import { trainedEndpoint } from './trained-endpoint';
import { readFileSync, readdirSync } from 'node:fs';
const cpuAll=()=>{const m=new Map<string,number>();for(const d of readdirSync('/proc')){if(!/^\d+$/.test(d))continue;try{const st=readFileSync(`/proc/${d}/stat`,'utf8');const name=readFileSync(`/proc/${d}/cmdline`,'utf8').replaceAll('\0',' ').slice(0,60);const f=st.slice(st.lastIndexOf(')')+2).split(' ');m.set(d+' '+name,(Number(f[11])+Number(f[12]))*10);}catch{}}return m;};
import { hostTestModel } from '@/local/aws/model-server/testing';
import { tenantAccountRole } from '@/local/aws/policies';
import type { Iam } from '@/local/aws/service';
const account='222222222222';
const stack = await startTestAws();
const database = await startTestDatabase(['foo'], { durable: true });

const context = await tenantContextForSystem('foo', 'bench');
const { ports } = context;
await ports.tenant.recordAccount(account);
await fillWithScores(database.adminUrl, 'foo', 23570);
await trainedEndpoint(stack,'foo',account);
const at=new Date();
const made = await ports.models.register({endpointName:'churn',contentType:'text/csv',report:{endpointName:'churn',testedAt:at,passed:true,contentTypes:['text/csv'],checks:[],latencyMs:{rows1:1,rows100:1}},registeredBy:'b',registeredAt:at});
await ports.models.activate({version:made.version,by:'b',at});
const times=new Map<string,[number,number]>();
const timed=<T extends object>(p:T,pre:string):T=>new Proxy(p,{get:(t,n)=>async(...a:unknown[])=>{const s=performance.now();try{return await (t as any)[n](...a)}finally{const k=pre+String(n);const [c,m]=times.get(k)??[0,0];times.set(k,[c+1,m+performance.now()-s]);}}});
const quiet={...context,ports:{...ports,jobs:{send:async()=>{}},modelScores:timed(ports.modelScores,'s.'),endpoints:timed(ports.endpoints,'e.'),models:timed(ports.models,'m.')}};
for(let i=0;i<12;i++){
 await ports.modelScores.openRun({version:1,askedBy:'b',even:true,at:new Date()}); await ports.modelScores.tidy(new Date());
 const before=cpuAll(); times.clear(); const s=performance.now(); const c=process.cpuUsage(); await scoreCustomers(quiet as any,undefined); const d=process.cpuUsage(c);
 const after=cpuAll(); if(i>3) console.log([...after].map(([k,v])=>[k,v-(before.get(k)??v)] as const).filter(([,v])=>v>=10).sort((a,b)=>b[1]-a[1]).slice(0,9).map(([k,v])=>`${k.split(' ').slice(0,4).join(' ')}=${v}`).join(' | '));
 console.log((performance.now()-s).toFixed(0),'cpu',((d.user+d.system)/1000).toFixed(0),[...times].map(([k,[c,m]])=>`${k} ${c}x ${m.toFixed(0)}`).join(', '));
}
await database.stop(); await stack.stop(); process.exit(0)
